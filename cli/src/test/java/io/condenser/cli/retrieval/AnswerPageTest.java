package io.condenser.cli.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.retrieval.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerPageTest {
  @Test
  void textIsBrokenAtBlanksAndCut() {
    Answer long_ = new Answer("a", 12.345678f, "Title", "one two three four\nfive six seven");
    Answer untitled = new Answer("b", -1, "", "short");
    assertThat(new AnswerPage(20, 2).show(List.of(long_, untitled)))
        .isEqualTo(
            """
              1. Title  (a, 12.35)
                 one two three
                 four five six …

              2. b  (b, -1.000)
                 short\
            """);
  }

  @Test
  void chineseIsBrokenBetweenCharacters() {
    Answer answer = new Answer("a", 1, "", "北京是中国的首都");
    assertThat(new AnswerPage(20, 2).show(List.of(answer))).endsWith("\n     北京是中国的\n     首都");
  }
}
