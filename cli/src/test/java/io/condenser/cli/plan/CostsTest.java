package io.condenser.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.plan.Work.Kind;
import io.condenser.model.Precision;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Hand-worked numbers. H = 64 and two layers: 12 H² = 49,152 products a token and layer. */
class CostsTest {
  private static final Size ENCODER = Size.encoder(2, 64);
  private static final Percentage ROUNDING = Percentage.withPercentage(1e-6);

  private static double amount(Work work, Kind kind) {
    return work.parts().stream()
        .filter(part -> part.rate().kind() == kind)
        .mapToDouble(Work.Part::amount)
        .sum();
  }

  private static Costs.Training training(double epochs, int batch, int chunkTokens) {
    return new Costs.Training(epochs, batch, chunkTokens, Precision.BF16, 1, 1, 1L << 34);
  }

  @Test
  void weightsAreBertBases() {
    // Hugging Face counts 109,482,240, of which 590,592 are the pooler's.
    assertThat(Costs.weights(12, 768)).isEqualTo(109_482_240 - 590_592);
  }

  @Test
  void encodingIsOnePassOfEveryText() {
    Work work = Costs.encoding(Size.texts(1000, 100, 0), 512, ENCODER, 8192, Precision.FP32);

    // 2 operations × 100 tokens × 2 layers × (49,152 + 2 × 100 × 64) × 1,000 texts
    assertThat(amount(work, Kind.ENCODE)).isEqualTo(24_780_800_000.0);
    assertThat(work.disk()).isEqualTo(1000 * (4 * 64 + 12));
    assertThat(work.parts().getFirst().rate())
        .isEqualTo(new Work.Rate(Kind.ENCODE, 64, Precision.FP32));
  }

  @Test
  void longTextsAreCut() {
    Size texts = Size.texts(1000, 400, 0);
    assertThat(amount(Costs.encoding(texts, 100, ENCODER, 1, Precision.FP32), Kind.ENCODE))
        .isEqualTo(24_780_800_000.0);
  }

  @Test
  void coCondenserTakesTwoSpansOfEachDocumentAnEpoch() {
    Size corpus = Size.texts(1000, 94, 300);
    Work work = Costs.pretraining(corpus, ENCODER, training(2, 8, 1 << 16), 128, 2, true, 0);

    // A row: 94 tokens through 2 + 2 layers, 14 masked ones predicted twice by 64 × (64 + V).
    double pass = 2.0 * 94 * 4 * (49_152 + 2 * 94 * 64);
    double predicted = 2 * 14 * 2.0 * 64 * (64 + 30_522);
    assertThat(pass).isEqualTo(46_010_368);
    assertThat(predicted).isEqualTo(109_620_224);
    // 2 epochs × 600 rows, forward and the two products of backward.
    assertThat(amount(work, Kind.PRETRAIN))
        .isCloseTo(2 * 600 * 3 * (46_010_368.0 + 109_620_224), ROUNDING);
  }

  @Test
  void thereAreNoMorePairsThanHalfOfTheSpans() {
    Size paragraphs = Size.texts(1000, 94, 1000); // a span each: at most 500 pairs
    Size documents = Size.texts(1000, 94, 500);
    assertThat(pretraining(paragraphs)).isEqualTo(pretraining(documents));
  }

  private static double pretraining(Size corpus) {
    return amount(
        Costs.pretraining(corpus, ENCODER, training(1, 8, 1 << 16), 128, 2, true, 0),
        Kind.PRETRAIN);
  }

  @Test
  void aBatchThatDoesNotFitIsPassedThroughOnceMore() {
    Size corpus = Size.texts(1000, 94, 300);
    Work fits = Costs.pretraining(corpus, ENCODER, training(1, 8, 2048), 128, 2, true, 0);
    Work cut = Costs.pretraining(corpus, ENCODER, training(1, 8, 1024), 128, 2, true, 0);

    // 16 rows of 94 tokens are 1,504.
    assertThat(amount(cut, Kind.PRETRAIN) / amount(fits, Kind.PRETRAIN))
        .isCloseTo(4.0 / 3, ROUNDING);
    assertThat(fits.memory() - cut.memory()).isCloseTo((1504 - 1024) * 100.0 * 2 * 64, ROUNDING);
  }

  @Test
  void workersEachHoldTheirPartOfTheBatch() {
    Work alone = shared(1, 1);
    Work two = shared(2, 1);
    Work machines = shared(1, 2);

    // 752 tokens each fit: no second pass. Both hold the weights, W × 18.
    assertThat(amount(alone, Kind.PRETRAIN) / amount(two, Kind.PRETRAIN))
        .isCloseTo(4.0 / 3, ROUNDING);
    assertThat(2 * alone.memory() - two.memory())
        .isCloseTo(2 * (1024 - 752) * 100.0 * 2 * 64, ROUNDING);
    assertThat(amount(two, Kind.PRETRAIN) / amount(machines, Kind.PRETRAIN)).isCloseTo(2, ROUNDING);
    assertThat(2 * machines.memory()).isCloseTo(two.memory(), ROUNDING);
  }

  private static Work shared(int processes, int machines) {
    Costs.Training training =
        new Costs.Training(1, 8, 1024, Precision.BF16, processes, machines, 1L << 34);
    return Costs.pretraining(Size.texts(1000, 94, 300), ENCODER, training, 128, 2, true, 0);
  }

  @Test
  void fineTuningTakesAnInstanceForEachFileOfNegatives() {
    Work work =
        Costs.finetuning(
            100,
            2,
            Size.texts(5000, 10, 0),
            32,
            Size.texts(1000, 200, 0),
            128,
            1,
            ENCODER,
            1,
            training(3, 32, 1 << 16));

    // 3 × 2 × tokens × 2 layers × (49,152 + 128 × tokens): a query of 10, two passages of 128
    assertThat(amount(work, Kind.FINETUNE))
        .isCloseTo(3 * 200 * (6_051_840 + 2 * 100_663_296.0), ROUNDING);
    double weights = Costs.weights(2, 64);
    assertThat(work.disk()).isEqualTo(4 * weights);
    assertThat(work.passing()).isEqualTo(24 * weights + 4 * 1000 * 128);
  }

  @Test
  void aRerankerIsTrainedOnPairs() {
    Work byRow = trainingReranker(true);
    Work byQuery = trainingReranker(false);

    // 3 epochs × 100 queries × 5 pairs of 10 + 119 - 1 tokens, forward and backward
    double pair = 3 * 2.0 * 128 * 2 * (49_152 + 2 * 128 * 64);
    assertThat(amount(byRow, Kind.FINETUNE)).isCloseTo(3 * 500 * pair, ROUNDING);
    // 32 × 5 pairs are 20,480 tokens: more than may be held, which matters to a softmax alone
    assertThat(amount(byQuery, Kind.FINETUNE)).isCloseTo(3 * 500 * pair * 4 / 3, ROUNDING);
    assertThat(byQuery.memory() - byRow.memory())
        .isCloseTo((8192 - 4096) * 100.0 * 2 * 64, ROUNDING);
  }

  private static Work trainingReranker(boolean byRow) {
    return Costs.trainingReranker(
        100,
        1,
        Size.texts(5000, 10, 0),
        Size.texts(1000, 119, 0),
        160,
        4,
        ENCODER,
        byRow,
        training(3, 32, 8192));
  }

  @Test
  void rerankingIsOnePassOfEveryPair() {
    Work work =
        Costs.reranking(
            1000,
            Size.texts(100, 10, 0),
            Size.texts(5000, 200, 0),
            100,
            ENCODER,
            8192,
            Precision.BF16);

    assertThat(amount(work, Kind.ENCODE)).isEqualTo(24_780_800_000.0); // as encoding 1,000 texts
    assertThat(amount(work, Kind.READ)).isEqualTo(5000 * 200 * 5);
    assertThat(work.disk()).isEqualTo(1000 * 60);
  }

  @Test
  void searchMeetsEveryPassageOrStepsThroughPostings() {
    Size index = Size.texts(1e6, 60, 0).by(ENCODER);
    Work work = Costs.searching(Size.texts(100, 10, 0), index, 10, true, Precision.FP32);

    assertThat(amount(work, Kind.SEARCH)).isEqualTo(2 * 100 * 1e6 * 64);
    assertThat(amount(work, Kind.BM25)).isCloseTo(100 * 1e4, ROUNDING);
    assertThat(work.disk()).isEqualTo(100 * 10 * 60);
  }

  @Test
  void miningReadsTheRunAndHoldsIt() {
    Work work = Costs.mining(100, 200, 30);

    assertThat(amount(work, Kind.READ)).isEqualTo(100 * (200 * 60 + 30 * 12));
    assertThat(work.memory()).isEqualTo((1L << 30) + 100 * 200 * 64);
    assertThat(work.disk()).isEqualTo(100 * 30 * 12);
  }

  @Test
  void bm25AloneNeedsNoEncoder() {
    Work work = Costs.searching(Size.texts(100, 10, 0), Size.texts(1e6, 60, 0), 10, true, null);
    assertThat(work.parts()).hasSize(1);
    assertThat(amount(Costs.indexing(Size.texts(10, 7, 0)), Kind.INDEX)).isEqualTo(70);
  }
}
