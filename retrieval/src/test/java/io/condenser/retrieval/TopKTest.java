package io.condenser.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopKTest {
  /** trec_eval's order of ties is that of falling ids. */
  @Test
  void negativeZeroTiesWithZero() {
    TopK top = new TopK(1, row -> "p" + row);
    top.offer(1, 0f);
    top.offer(2, -0f);
    assertThat(top.row(0)).isEqualTo(2);
    assertThat(Float.compare(top.score(0), 0f)).isZero();
  }
}
