package io.condenser.cli.javadoc;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.javadoc.QueryRules.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Gets the max width of this object. | Box.getMaxWidth | true",
        "Gets the maximum width. | Box.getMaxWidth | false",
        "Returns a URL encoder. | UrlEncoder.newURLEncoder | true",
        "Returns whether the boxes are empty. | Boxes.isEmpty | true",
        "Returns whether the box holds nothing. | Box.isEmpty | false",
      })
  void aSentenceRepeatsTheIdentifierIfEveryTellingWordIsInIt(
      String sentence, String title, boolean repeats) {
    assertThat(QueryRules.repeatsIdentifier(sentence, title)).isEqualTo(repeats);
  }

  @Test
  void sentencesThatAskForNothingAreRefused() {
    assertThat(refuse("")).isEqualTo(Refusal.NONE_WRITTEN);
    assertThat(refuse("Splits at separators, e.g.")).isEqualTo(Refusal.TORN);
    assertThat(refuse("Splits according to the following table:")).isEqualTo(Refusal.TORN);
    assertThat(refuse("See the other method for what happens."))
        .isEqualTo(Refusal.POINTS_ELSEWHERE);
    assertThat(refuse("An overload that takes another thing.")).isEqualTo(Refusal.POINTS_ELSEWHERE);
    assertThat(refuse("Splits text.")).isEqualTo(Refusal.TOO_SHORT);
    assertThat(refuse("word ".repeat(QueryRules.MOST_WORDS + 1))).isEqualTo(Refusal.TOO_LONG);
    assertThat(refuse("Returns the thing of the box.")).isEqualTo(Refusal.REPEATS_IDENTIFIER);
    assertThat(refuse("Cuts a text into pieces.")).isNull();
  }

  @Test
  void aTagThatTellsTheSentenceAgainRepeatsIt() {
    var query = Words.telling("Returns the number of elements in this list.");
    assertThat(QueryRules.repeats("Returns the number of elements of the list.", query)).isTrue();
    assertThat(QueryRules.repeats("Returns at most Integer.MAX_VALUE elements.", query)).isFalse();
  }

  @Test
  void nothingRepeatsASentenceThatTellsNothing() {
    assertThat(QueryRules.repeats("Anything.", Words.telling("Returns the value."))).isFalse();
  }

  @Test
  void identifiersAreReadAloudAtTheirHumps() {
    assertThat(Words.spoken("FileUtils.toURLs2")).isEqualTo("file utils to urls 2");
    assertThat(Words.spoken("HTTPServer.MAX_SIZE")).isEqualTo("http server max size");
  }

  private static @Nullable Refusal refuse(String sentence) {
    return QueryRules.refuse(
        new Member("lib/A.java", "Box.doThing()", "Box.doThing", sentence, List.of(), ""));
  }
}
