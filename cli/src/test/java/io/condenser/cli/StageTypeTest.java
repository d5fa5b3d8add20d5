package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageTypeTest {
  private static Map<String, Given> with(String... keysAndTexts) {
    Map<String, Given> given = new HashMap<>();
    given.put("input", new Given("--input", List.of("in.txt")));
    given.put("output", new Given("--output", List.of("out.txt")));
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      String key = keysAndTexts[i];
      given.put(key, new Given("r.yaml:7: " + key, List.of(keysAndTexts[i + 1])));
    }
    return given;
  }

  private static SampleStage bind(String... keysAndTexts) {
    return (SampleStage) SampleStage.TYPE.bind("r.yaml:5", with(keysAndTexts));
  }

  @Test
  void settingsNotGivenHaveTheirDefaults() {
    assertThat(bind())
        .isEqualTo(
            new SampleStage(
                Path.of("in.txt"),
                Path.of("out.txt"),
                2,
                42,
                0.5,
                true,
                SampleStage.Letters.AS_THEY_ARE,
                List.of("a", "b"),
                List.of(),
                null));
  }

  @Test
  void argumentsAreWhatACommandLineTakes() {
    assertThat(SampleStage.TYPE.arguments(bind("loud", "false", "letters", "upper")))
        .containsExactly(
            "sample",
            "--input=in.txt",
            "--output=out.txt",
            "--times=2",
            "--seed=42",
            "--share=0.5",
            "--no-loud",
            "--letters=upper",
            "--words=a,b");
  }

  @Test
  void writtenSettingsBindToAnEqualStage() {
    SampleStage stage =
        bind("times", "3", "share", "1e-3", "letters", "upper", "words", "x, y", "more", "p,q");
    Map<String, Given> again = new HashMap<>();
    SampleStage.TYPE
        .written(stage)
        .forEach((key, text) -> {
          if (!text.isEmpty()) {
            again.put(key, new Given(key, List.of(text)));
          }
        });

    assertThat(SampleStage.TYPE.bind("again", again)).isEqualTo(stage);
    assertThat(stage.words()).containsExactly("x", "y");
    assertThat(stage.more()).containsExactly(Path.of("p"), Path.of("q"));
  }

  @Test
  void elementsOfAListGivenAsOneKeepTheirCommas() {
    Map<String, Given> given = with();
    given.put("words", new Given("words", List.of("a,b", "c")));

    assertThat(((SampleStage) SampleStage.TYPE.bind("x", given)).words())
        .containsExactly("a,b", "c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          times   | many | r.yaml:7: times: 'many' is not a whole number
          times   | 1e9  | r.yaml:7: times: '1e9' is not a whole number
          times   | 9999999999 | '9999999999' is not a whole number of at most 2147483647
          times   | 0    | r.yaml:5: times is 0; expected 1 to 9
          share   | NaN  | r.yaml:7: share: 'NaN' is not a number
          share   | ""   | r.yaml:7: share: is empty; expected a number
          loud    | yes  | r.yaml:7: loud: 'yes' is not true or false
          letters | big  | r.yaml:7: letters: 'big' is not one of as-they-are, upper
          tims    | 3    | r.yaml:7: tims: sample has no setting 'tims'; did you mean 'times'?
          """)
  void aWrongSettingIsRefusedByPlaceNameAndValue(String key, String text, String message) {
    assertThatThrownBy(() -> bind(key, text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aMissingSettingIsNamed() {
    assertThatThrownBy(() -> SampleStage.TYPE.bind("r.yaml:5", Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessage("r.yaml:5: sample needs 'input': File to read");
  }

  @Test
  void anUnknownNameFarFromAllGetsTheList() {
    assertThat(Nearest.hint("zzzzzz", List.of("input", "output")))
        .isEqualTo("; there are: input, output");
  }

  @ParameterizedTest
  @CsvSource({"kitten,sitting,3", "abc,abc,0", "'',abc,3", "flaw,lawn,2"})
  void editsAreLevenshteins(String a, String b, int distance) {
    assertThat(Nearest.edits(a, b)).isEqualTo(distance);
    assertThat(Nearest.edits(b, a)).isEqualTo(distance);
  }

  @ParameterizedTest
  @CsvSource({
    "0.421,0.42 s",
    "9.996,10 s",
    "37.4,37 s",
    "245,4 min 05 s",
    "7621,2 h 07 min",
    "277199,3 d 04 h"
  })
  void durationsAreForPeople(double seconds, String text) {
    assertThat(Elapsed.of(seconds)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0,0 kB", "37400,37 kB", "4140000000,4.1 GB", "68e9,68 GB", "5e15,5000 TB"})
  void bytesAreForPeople(double bytes, String text) {
    assertThat(ByteCount.of(bytes)).isEqualTo(text);
  }
}
