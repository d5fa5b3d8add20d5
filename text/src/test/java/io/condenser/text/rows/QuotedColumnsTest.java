package io.condenser.text.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class QuotedColumnsTest {
  @Test
  void quotesAroundAColumnGoAndTwoWithinMeanOne() {
    assertThat(QuotedColumns.split("1\t\"He said \"\"no\"\", twice\"\tA \"plain\" title"))
        .containsExactly("1", "He said \"no\", twice", "A \"plain\" title");
    assertThat(QuotedColumns.split("\"a\tb\"\t\"\"\"Heroes\"\"\"\t"))
        .containsExactly("a\tb", "\"Heroes\"", "");
  }

  @Test
  void whatFollowsAClosingQuoteIsKeptAsPythonKeepsIt() {
    assertThat(QuotedColumns.split("\"a\"b\"c\td")).containsExactly("ab\"c", "d");
  }

  @Test
  void aQuoteThatDoesNotCloseIsRefused() {
    assertThatThrownBy(() -> QuotedColumns.split("1\t\"open\tx"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not close");
  }
}
