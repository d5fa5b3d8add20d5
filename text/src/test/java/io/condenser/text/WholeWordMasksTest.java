package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WholeWordMasksTest {
  private final WordPiece tokenizer = Vocabularies.with("whole", "##some", "word", "##s", "中", "国");
  private final WholeWordMasks masks =
      new WholeWordMasks(tokenizer, 42, WholeWordMasks.PROBABILITY);
  private final int[] row =
      tokenizer.encode("wholesome words wholesome word whole ".repeat(5) + "words 中国", 128);

  @Test
  void wordsAreMaskedWhole() {
    for (long epoch = 0; epoch < 200; epoch++) {
      MaskedRow masked = masks.mask(row, epoch, 0);
      Set<Integer> positions = new HashSet<>();
      Arrays.stream(masked.positions()).forEach(positions::add);
      for (int column = 1; column < row.length; column++) {
        if (tokenizer.isContinuation(row[column])) {
          assertThat(positions.contains(column)).isEqualTo(positions.contains(column - 1));
        }
      }
    }
  }

  @Test
  void ideographsAreWordsOfTheirOwn() {
    int[] two = tokenizer.encode("中国", 8);
    for (long epoch = 0; epoch < 50; epoch++) {
      assertThat(masks.mask(two, epoch, 0).positions()).hasSize(1);
    }
  }

  @Test
  void theBudgetIsMetWhereSingleTokensAreLeftToFillIt() {
    int tokens = row.length - 2;
    int budget = (int) Math.round(0.15 * tokens);
    for (long position = 0; position < 200; position++) {
      int masked = masks.mask(row, 0, position).positions().length;
      assertThat(masked).isBetween(budget - 1, budget);
    }
  }

  @Test
  void aWordThatPassesTheBudgetIsSkipped() {
    int[] one = tokenizer.encode("wholesome", 8); // two pieces, a budget of one
    assertThat(masks.mask(one, 0, 0).positions()).isEmpty();
    assertThat(masks.mask(one, 0, 0).ids()).isEqualTo(one);
  }

  @Test
  void labelsAreTheOriginalTokensAndAllElseStays() {
    MaskedRow masked = masks.mask(row, 0, 0);
    int[] restored = masked.ids().clone();
    for (int i = 0; i < masked.positions().length; i++) {
      assertThat(masked.labels()[i]).isEqualTo(row[masked.positions()[i]]);
      restored[masked.positions()[i]] = masked.labels()[i];
    }
    assertThat(restored).isEqualTo(row);
    assertThat(masked.positions()).isSorted();
  }

  @Test
  void specialTokensAreNeverMasked() {
    int[] three = tokenizer.encode("a", 8);
    for (long position = 0; position < 100; position++) {
      assertThat(masks.mask(three, 0, position).positions()).containsExactly(1);
    }
  }

  @Test
  void mostAreHiddenSomeReplacedSomeStay() {
    int hidden = 0;
    int same = 0;
    int all = 0;
    for (long position = 0; position < 3000; position++) {
      MaskedRow masked = masks.mask(row, 0, position);
      for (int i = 0; i < masked.positions().length; i++) {
        int id = masked.ids()[masked.positions()[i]];
        hidden += id == tokenizer.maskId() ? 1 : 0;
        same += id == masked.labels()[i] ? 1 : 0;
        all++;
      }
    }
    // Of some 20,000 tokens; a random piece is the mask or the token itself once in 100 or so.
    assertThat((double) hidden / all).isBetween(0.78, 0.82);
    assertThat((double) same / all).isBetween(0.085, 0.115);
  }

  @Test
  void masksDependOnSeedEpochAndPositionAlone() {
    MaskedRow masked = masks.mask(row, 2, 5);
    MaskedRow again = new WholeWordMasks(tokenizer, 42, WholeWordMasks.PROBABILITY).mask(row, 2, 5);
    assertThat(again.ids()).isEqualTo(masked.ids());
    assertThat(again.positions()).isEqualTo(masked.positions());
    assertThat(masks.mask(row, 3, 5).positions()).isNotEqualTo(masked.positions());
    assertThat(masks.mask(row, 2, 6).positions()).isNotEqualTo(masked.positions());
  }

  @Test
  void aBatchHoldsTheMasksOfItsRows() {
    int[] shorter = tokenizer.encode("word whole words word whole word word", 128);
    List<MaskedRow> rows =
        List.of(masks.mask(shorter, 0, 0), masks.mask(row, 0, 1), masks.mask(shorter, 0, 2));
    MaskedBatch batch = MaskedBatch.of(rows, tokenizer.padId(), row.length + 3);
    assertMasks(batch, rows);
  }

  private static void assertMasks(MaskedBatch batch, List<MaskedRow> rows) {
    int at = 0;
    for (int r = 0; r < rows.size(); r++) {
      for (int i = 0; i < rows.get(r).positions().length; i++) {
        assertThat(batch.positions()[at])
            .isEqualTo(r * batch.tokens().length() + rows.get(r).positions()[i]);
        assertThat(batch.labels()[at++]).isEqualTo(rows.get(r).labels()[i]);
      }
    }
    assertThat(batch.positions()).hasSize(at);
  }
}
