package io.condenser.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.Texts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlotsTest {
  @Property
  void ticksAreFewAndLieOnTheAxis(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double low,
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double length) {
    Axis axis = new Axis(low, low + length, 0, 100);
    assertThat(axis.ticks(5)).hasSizeBetween(2, 9);
    assertThat(axis.ticks(5))
        .allMatch(tick -> axis.pixel(tick.value()) > -0.1 && axis.pixel(tick.value()) < 100.1);
  }

  @Test
  void ticksOfAnAxisLookAlike() {
    assertThat(new Axis(0, 0.123, 0, 100).ticks(4))
        .extracting(Axis.Tick::label)
        .containsExactly("0.00", "0.02", "0.04", "0.06", "0.08", "0.10", "0.12");
    assertThat(new Axis(900, 2100, 0, 100).ticks(3))
        .extracting(Axis.Tick::label)
        .containsExactly("1,000", "1,500", "2,000");
  }

  @Test
  void theEndsOfAnAxisAreItsPixels() {
    Axis axis = new Axis(2, 4, 200, 10);
    assertThat(axis.pixel(2)).isEqualTo(200);
    assertThat(axis.pixel(4)).isEqualTo(10);
    assertThat(axis.pixel(3)).isEqualTo(105, Offset.offset(1e-9));
  }

  @Test
  void aSingleValueStandsInTheMiddle() {
    assertThat(new Axis(3, 3, 0, 100).pixel(3)).isEqualTo(50);
    assertThat(new Axis(0, 0, 0, 100).pixel(0)).isEqualTo(50);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.25, 0.25",
    "0.12345, 0.1235",
    "1.5, 1.5",
    "12.3456, 12.35",
    "3, 3",
    "1234.7, '1,235'",
    "0.00005, 5.0e−5",
    "-0.5, -0.5"
  })
  void numbersAreShort(double value, String text) {
    assertThat(Html.number(value)).isEqualTo(text);
  }

  @Test
  void namedPlacesCannotBecomeMarkupAndEveryCurveHasAColour() {
    Map<String, List<MetricsFile.Point>> curves = new LinkedHashMap<>();
    for (int i = 0; i < 9; i++) {
      curves.put("curve " + i, List.of(new MetricsFile.Point(0, i), new MetricsFile.Point(1, i)));
    }
    String svg = LineChart.svg("chart", curves, Map.of(0.0, "< 100", 1.0, "BM25 & mined"));
    assertThat(svg).contains("&lt; 100", "BM25 &amp; mined", "line s8");
    assertThat(svg.split("line s1\"")).hasSize(3);
    assertThat(svg).doesNotContain("s9");
  }

  @Test
  void textsCannotBecomeMarkup() {
    assertThat(Html.text("<a href=\"x\">&'\u0000\u0007\uFFFF"))
        .isEqualTo("&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  }

  @Test
  void longTextsEndAtAWord() {
    assertThat(Texts.shortened("one two three", 9)).isEqualTo("one two …");
    assertThat(Texts.shortened("one two", 9)).isEqualTo("one two");
  }
}
