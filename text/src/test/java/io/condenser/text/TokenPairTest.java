package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** 1 is [CLS], 2 is [SEP]. */
class TokenPairTest {
  private static final int[] QUERY = {1, 10, 11, 2};
  private static final int[] TITLED = {1, 20, 2, 30, 31, 2};

  @Test
  void thePassageFollowsWithoutItsFirstToken() {
    TokenPair pair = TokenPair.of(QUERY, TITLED, 100);
    assertThat(pair.ids()).containsExactly(1, 10, 11, 2, 20, 2, 30, 31, 2);
    assertThat(pair.passageFrom()).isEqualTo(4);
  }

  @Test
  void thePassageAloneIsCutAndStillEndsWithASeparator() {
    assertThat(TokenPair.of(QUERY, TITLED, 9).ids()).hasSize(9);
    assertThat(TokenPair.of(QUERY, TITLED, 8).ids()).containsExactly(1, 10, 11, 2, 20, 2, 30, 2);
    assertThat(TokenPair.of(QUERY, TITLED, 5).ids()).containsExactly(1, 10, 11, 2, 2);
    assertThatThrownBy(() -> TokenPair.of(QUERY, TITLED, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a query of 4 tokens leaves no room in 4");
  }

  @Test
  void segmentsChangeAtThePassageAndPaddingIsOfTheFirst() {
    TokenPair shorter = TokenPair.of(new int[] {1, 10, 2}, new int[] {1, 30, 2}, 100);
    TokenBatch batch =
        TokenBatch.ofPairs(List.of(TokenPair.of(QUERY, TITLED, 100), shorter), 0, 10);
    assertThat(batch.lengths()).containsExactly(9, 5);
    assertThat(batch.tokenTypes())
        .containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 1, 0, /* */ 0, 0, 0, 1, 1, 0, 0, 0, 0, 0);
    assertThat(batch.ids()).endsWith(1, 10, 2, 30, 2, 0, 0, 0, 0, 0);
  }
}
