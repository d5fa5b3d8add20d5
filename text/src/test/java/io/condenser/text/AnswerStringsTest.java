package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every expected value was worked out by hand from DPR's rule, not by running anything. */
class AnswerStringsTest {
  @ParameterizedTest(name = "{0} in {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // whole tokens, in lower case
        "Paris | The capital is PARIS. | true",
        "cat | cats and dogs | false",
        "1911 | It opened in 1911, in May. | true",
        "191 | It opened in 1911. | false",
        "14 December 1972 | on 14 December 1972 they left | true",
        "14 December 1972 | on 14 December, 1972 they left | false",
        "Paris | Pa ris | false",
        // accents: composed and decomposed are the same, accented and plain are not
        "caf\u00e9 | a cafe\u0301 nearby | true",
        "cafe\u0301 | a caf\u00e9 nearby | true",
        "cafe | a caf\u00e9 nearby | false",
        "\u00c5ngstr\u00f6m | the \u00e5ngstro\u0308m unit | true",
        "\u212bngstr\u00f6m | the \u00e5ngstr\u00f6m unit | true",
        "\u1e9b | s\u0307 | false",
        "\u0130zmir | i\u0307zmir | true",
        "stra\u00dfe | STRASSE | false",
        "\u039f\u0394\u039f\u03a3 | \u03bf\u03b4\u03bf\u03c2 | true",
        // NFD, not NFKD: ligatures, superscripts and full-width letters keep their own form
        "find | \ufb01nd it | false",
        "x2 | x\u00b2 | false",
        "\uff21 | A | false",
        // punctuation is a token, blanks around it are nothing
        "U.S. | in the U . S . of old | true",
        "U.S. | in the US | false",
        "O'Neill | O ' Neill came | true",
        "O'Neill | O\u2019Neill came | false",
        "rock-and-roll | rock and roll | false",
        "rock-and-roll | rock - and - roll | true",
        "$5 | it costs $5 now | true",
        "$5 | it costs $50 now | false",
        "snake_case | snake _ case | true",
        "... | wait ... | true",
        "... | wait \u2026 | false",
        // what looks like a regular expression is plain text
        ".* | anything at all | false",
        "C++ | written in C++ (1985) | true",
        "C++ | written in CCC | false",
        "`(a|b)` | `(a|b)` | true",
        "[ab] | a | false",
        "\\d+ | 42 | false",
        "AC/DC | by AC / DC | true",
        // no blanks in CJK: a run of characters is one token, as long as it is
        "\u6771\u4eac | \u6771\u4eac\u306f\u9996\u90fd | false",
        "\u6771\u4eac | \u6771\u4eac \u306f \u9996\u90fd | true",
        "\u6771\u4eac | \u300c\u6771\u4eac\u300d | true",
        "\u6771\u4eac | \u9996\u90fd\u3001\u6771\u4eac\u3002 | true",
        // NFD takes Hangul and voiced kana apart, on both sides alike
        "\ud55c\uad6d | (\u1112\u1161\u11ab\u1100\u116e\u11a8) | true",
        "\u304c | \u304b\u3099 | true",
        "\u304b | \u304c | false",
        // beyond the first plane: a letter joins, an emoji stands alone
        "\ud835\udc00b | \ud835\udc00b | true",
        "\ud83d\ude00 | ab\ud83d\ude00cd | true",
        "ab | ab\ud83d\ude00cd | true",
        // overlapping beginnings
        "a a b | a a a b | true",
        "b a b c | b a b a b c | true",
        "a b a c | a b a b c | false",
        // format characters separate, without being tokens
        "co operate | co\u00adoperate | true",
        "cooperate | co\u00adoperate | false",
        "two words | two\u00a0words | true",
        "two words | two\u200bwords | true",
        "two words | two\u3000words | true",
        // at the ends, and longer than the text
        "first | first of all | true",
        "all | first of all | true",
        "first of all things | first of all | false",
      })
  void followsDprsRule(String answer, String text, boolean contained) {
    assertThat(AnswerStrings.of(List.of(answer)).areIn(text)).isEqualTo(contained);
  }

  @Test
  void anAnswerWithoutTokensIsNowhereAndDoesNotSpoilTheOthers() {
    for (String empty : List.of("", " ", "\t\n", "\u200b", "\u3000")) {
      assertThat(AnswerStrings.of(List.of(empty)).areIn("any text")).isFalse();
      assertThat(AnswerStrings.of(List.of(empty, "text")).areIn("any text")).isTrue();
    }
    assertThat(AnswerStrings.of(List.of()).areIn("any text")).isFalse();
  }

  @Test
  void anyOneAnswerWillDoAndAnEmptyTextHasNone() {
    AnswerStrings answers = AnswerStrings.of(List.of("Mars", "the red planet"));
    assertThat(answers.areIn("They call it The Red Planet.")).isTrue();
    assertThat(answers.areIn("the planet is red")).isFalse();
    assertThat(answers.areIn("")).isFalse();
  }

  @Test
  void tokensAreRunsOfLettersDigitsAndMarksOrSingleCharacters() {
    assertThat(AnswerStrings.tokens("A1\u00bd re\u0301sum\u00e9_x\u2014(2.5%)"))
        .containsExactly(
            "a1\u00bd", "re\u0301sume\u0301", "_", "x", "\u2014", "(", "2", ".", "5", "%", ")");
  }
}
