package io.condenser.text.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonListTest {
  @Test
  void readsStringsInEitherQuotes() {
    assertThat(PythonList.parse("['a b', \"it's\", 'say \"x\"']"))
        .containsExactly("a b", "it's", "say \"x\"");
    assertThat(PythonList.parse(" [ 'a' , ] ")).containsExactly("a");
    assertThat(PythonList.parse("[]")).isEmpty();
    assertThat(PythonList.parse("['']")).containsExactly("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "it\\'s | it's",
        "a\\\\b | a\\b",
        "caf\\xe9 | caf\u00e9",
        "\\u6771\\u4eac | \u6771\u4eac",
        "\\U0001F600 | \ud83d\ude00",
        "50\\% | 50\\%"
      })
  void readsPythonsEscapes(String written, String meant) {
    assertThat(PythonList.parse("['" + written + "']")).isEqualTo(List.of(meant));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "'a'", "[a]", "['a'", "['a", "['a' 'b']", "['a'] x", "[1]", "['\\x4']"})
  void refusesWhatIsNoListOfStrings(String text) {
    assertThatThrownBy(() -> PythonList.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
