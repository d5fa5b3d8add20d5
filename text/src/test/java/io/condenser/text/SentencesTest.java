package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SentencesTest {
  private final Sentences sentences = new Sentences();

  private List<String> of(String text) {
    return sentences.of(text);
  }

  @Test
  void englishBreaksAfterFullStops() {
    assertThat(of("It rained. Did it stop?  \"Yes!\" It cost 3.50 in the U.S. market."))
        .containsExactly(
            "It rained.", "Did it stop?", "\"Yes!\"", "It cost 3.50 in the U.S. market.");
  }

  @Test
  void chineseBreaksAfterItsOwnAndTheClosingQuoteStays() {
    assertThat(of("他来了。你好吗？“很好！”她说。没有句号")).containsExactly("他来了。", "你好吗？", "“很好！”", "她说。", "没有句号");
  }

  @Test
  void nothingButBlanksIsLost() {
    String text = " One. 二。Three?! 四！！（五。） six…  ";
    assertThat(String.join("", of(text)).replace(" ", "")).isEqualTo(text.replace(" ", ""));
  }

  @Test
  void blankTextHasNone() {
    assertThat(of("")).isEmpty();
    assertThat(of(" \n ")).isEmpty();
  }
}
