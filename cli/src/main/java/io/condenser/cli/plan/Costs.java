package io.condenser.cli.plan;

import io.condenser.benchmarks.Shape;
import io.condenser.cli.plan.Work.Kind;
import io.condenser.cli.plan.Work.Part;
import io.condenser.cli.plan.Work.Rate;
import io.condenser.model.Precision;
import io.condenser.training.GraphMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All arithmetic of a plan: from sizes and settings to work. Letters: R rows, T their mean tokens,
 * H hidden size, V vocabulary, W weights of a model. Operations are those of the matrix products,
 * as {@link Shape} counts them and as the probe measures their speed.
 *
 * <p>These are estimates. Texts are taken to be all of their mean length, which is exact for dense
 * layers and a little low for attention.
 */
public final class Costs {
  /** Of a packed span's longest length, what is filled: 94 of 128 tokens in three corpora. */
  static final double SPAN_FILL = 94.0 / 128;

  /** Whole-word masks take this share of tokens. */
  private static final double MASKED = 0.15;

  /** The gradient cache's graph-free pass: a third of forward and backward once more. */
  static final double SECOND_PASS = 4.0 / 3;

  /** A step that trains heads alone spares the backward pass through the backbone. */
  private static final double HEADS_ALONE = 0.5;

  /** UTF-8 bytes of a token, quotes and keys around it included; English, by eye. */
  static final double BYTES_PER_TOKEN = 5;

  /** Lucene's stored passages and postings, over the text's bytes; 0.5 to 0.6 measured. */
  static final double BM25_SHARE = 0.6;

  /** A line of a TREC run: two ids, rank, score. */
  static final double RUN_LINE_BYTES = 60;

  /** A scored passage of a run in memory: id, score, and their references. */
  static final double RUN_ENTRY_BYTES = 64;

  /** The exponent by which BM25 search grows with a corpus, since it skips most postings; rough. */
  static final double BM25_GROWTH = 2.0 / 3;

  /** Tokens of the largest chunk that training ever takes. */
  private static final double PIECE_TOKENS = 4096;

  /** What the JVM and the tensor library take before any work. */
  static final double BASE_BYTES = 1L << 30;

  /** Written to disk for each weight: the weight; in a checkpoint also AdamW's two moments. */
  private static final double WEIGHT_BYTES = 4;

  private static final double CHECKPOINT_BYTES = 12;
  private static final double TOKEN_BYTES = 4;
  private static final double ID_BYTES = 12;
  private static final int VOCABULARY = 30522;
  private static final int POSITIONS = 512;

  private Costs() {}

  /**
   * Weights of an encoder: embeddings (V + 512 + 2 + 2) × H; in each layer 4 H² of attention, 8 H²
   * of the feed-forward part, and 13 H of biases and norms.
   */
  static double weights(int layers, int hidden) {
    double h = hidden;
    return (VOCABULARY + POSITIONS + 4) * h + layers * (12 * h * h + 13 * h);
  }

  /**
   * What training is told, whichever kind.
   *
   * @param processes that share each batch on this machine
   * @param machines that share each batch, this one counted
   * @param freeMemory of this machine, bytes
   */
  public record Training(
      double epochs,
      int batch,
      int chunkTokens,
      Precision precision,
      int processes,
      int machines,
      long freeMemory) {}

  /**
   * Pre-training. Spans = corpus tokens / (0.73 × longest span). An epoch takes all of them (MLM,
   * Condenser), or two of each document (coCondenser), of which there cannot be more than half as
   * many as spans. Masked positions are 15 % of tokens, each predicted twice with a head and once
   * without.
   *
   * @param headLayers of the Condenser head; 0 for MLM
   * @param pairs whether two spans of a document go together
   * @param headSteps steps that train the heads alone, before
   */
  public static Work pretraining(
      Size corpus,
      Size encoder,
      Training training,
      int spanLength,
      int headLayers,
      boolean pairs,
      int headSteps) {
    int span = (int) Math.round(SPAN_FILL * spanLength);
    double spans = corpus.records() * corpus.tokens() / span;
    double rows = pairs ? 2 * Math.min(corpus.documents(), spans / 2) : spans;
    double rowsPerStep = (pairs ? 2.0 : 1.0) * training.batch();
    int masked = (int) Math.round(MASKED * span);
    double each =
        encoder
            .shape()
            .cocondenser(new int[] {span}, headLayers, headLayers > 0 ? masked : masked / 2);
    double operations =
        training.epochs() * rows * each + HEADS_ALONE * headSteps * rowsPerStep * each;
    double weights = weights(encoder.layers() + headLayers, encoder.hidden());
    return training(
        Kind.PRETRAIN,
        operations,
        rowsPerStep * span,
        encoder,
        weights,
        training,
        corpus.records() * corpus.tokens());
  }

  /**
   * Fine-tuning. Each judged query makes an instance with each file of negatives, or one without
   * any; an instance is a query and 1 + n passages.
   *
   * @param judged training queries
   * @param sources files of negatives
   */
  public static Work finetuning(
      double judged,
      int sources,
      Size queries,
      int queryLength,
      Size passages,
      int passageLength,
      int negatives,
      Size encoder,
      int encoders,
      Training training) {
    double instances = judged * Math.max(1, sources);
    int query = mean(queries, queryLength);
    int passage = mean(passages, passageLength);
    Shape shape = encoder.shape();
    double each =
        shape.biEncoder(new int[] {query})
            + (1.0 + negatives) * shape.biEncoder(new int[] {passage});
    double batchTokens = training.batch() * (query + (1.0 + negatives) * passage);
    return training(
        Kind.FINETUNE,
        training.epochs() * instances * each,
        batchTokens,
        encoder,
        encoders * weights(encoder.layers(), encoder.hidden()),
        training,
        passages.allTokens(passageLength));
  }

  /**
   * Training a cross-encoder. An instance is 1 + n pairs of a query and a passage; only a loss over
   * a query's candidates needs more than one chunk at once.
   *
   * @param judged training queries
   * @param sources files of negatives
   * @param byRow whether the loss takes each pair by itself
   */
  public static Work trainingReranker(
      double judged,
      int sources,
      Size queries,
      Size passages,
      int length,
      int negatives,
      Size encoder,
      boolean byRow,
      Training training) {
    int pair = pair(queries, passages, length);
    double pairs = judged * Math.max(1, sources) * (1.0 + negatives);
    double batchTokens = training.batch() * (1.0 + negatives) * pair;
    return training(
        Kind.FINETUNE,
        training.epochs() * pairs * encoder.shape().biEncoder(new int[] {pair}),
        byRow ? Math.min(batchTokens, PIECE_TOKENS) : batchTokens,
        encoder,
        weights(encoder.layers(), encoder.hidden()),
        training,
        passages.allTokens(length));
  }

  /**
   * Reranking: each pair through the encoder once. The run is held in memory and written; the
   * passages' tokens pass.
   *
   * @param pairs of queries and passages, none of them in a cache
   */
  public static Work reranking(
      double pairs,
      Size queries,
      Size passages,
      int length,
      Size encoder,
      int batchTokens,
      Precision precision) {
    int pair = pair(queries, passages, length);
    Work scoring =
        encoding(Size.texts(pairs, pair, pairs), length, encoder, batchTokens, precision);
    return new Work(
        List.of(scoring.parts().getFirst(), reading(passages.textBytes())),
        RUN_LINE_BYTES * pairs,
        TOKEN_BYTES * passages.allTokens(length),
        scoring.memory() + RUN_ENTRY_BYTES * pairs,
        Map.of());
  }

  /** Tokens of a pair; of the [CLS] of both one is left. */
  private static int pair(Size queries, Size passages, int length) {
    return mean(Size.texts(1, queries.tokens() + passages.tokens() - 1, 1), length);
  }

  /**
   * Disk: W × 4 stays; two checkpoints of W × 12 while the second replaces the first, and the token
   * store of 4 bytes a token, pass. Memory: for each process {@link GraphMemory#bytes} of its part
   * of the batch, or of the chunk where that is smaller; then all rows are passed through twice.
   * Processes on one machine share its processors: only other machines make it faster.
   */
  private static Work training(
      Kind kind,
      double operations,
      double batchTokens,
      Size encoder,
      double weights,
      Training training,
      double storedTokens) {
    int chunk =
        training.chunkTokens() > 0
            ? training.chunkTokens()
            : GraphMemory.fitting(
                training.freeMemory() / training.processes(),
                (long) weights,
                encoder.layers(),
                encoder.hidden());
    double own = batchTokens / (training.processes() * training.machines());
    double passes = own > chunk ? SECOND_PASS : 1;
    double memory =
        BASE_BYTES
            + GraphMemory.bytes(
                (long) weights, Math.min(own, chunk), encoder.layers(), encoder.hidden());
    return new Work(
        List.of(
            new Part(
                rate(kind, encoder, training.precision()),
                operations * passes / training.machines()),
            reading(storedTokens * BYTES_PER_TOKEN)),
        WEIGHT_BYTES * weights,
        2 * CHECKPOINT_BYTES * weights + TOKEN_BYTES * storedTokens,
        training.processes() * memory,
        Map.of());
  }

  /**
   * Encoding: each text through the encoder once. Disk: R × (4 H + 12). Memory: the weights, and a
   * batch's hidden states: of each token 4 H of the feed-forward part, and as much around it.
   */
  public static Work encoding(
      Size texts, int longest, Size encoder, int batchTokens, Precision precision) {
    double operations =
        texts.records() * encoder.shape().encoding(new int[] {mean(texts, longest)});
    return new Work(
        List.of(
            new Part(rate(Kind.ENCODE, encoder, precision), operations),
            reading(texts.records() * texts.tokens() * BYTES_PER_TOKEN)),
        texts.records() * (4.0 * encoder.hidden() + ID_BYTES),
        0,
        BASE_BYTES
            + WEIGHT_BYTES * weights(encoder.layers(), encoder.hidden())
            + 8.0 * WEIGHT_BYTES * batchTokens * encoder.hidden(),
        Map.of());
  }

  /** A BM25 index: by the token; disk 0.6 of the text's bytes. */
  public static Work indexing(Size corpus) {
    double tokens = corpus.records() * corpus.tokens();
    return new Work(
        List.of(new Part(new Rate(Kind.INDEX, 0, null), tokens)),
        BM25_SHARE * BYTES_PER_TOKEN * tokens,
        0,
        BASE_BYTES,
        Map.of());
  }

  /**
   * Searching. Exact: 2 × queries × passages × H operations, after the queries are encoded. BM25:
   * queries × passages^⅔ steps. The run is held in memory: queries × k entries.
   *
   * @param queries how many, and their tokens
   * @param index of passages; by an encoder if vectors are searched
   * @param precision null if no vectors are searched
   */
  public static Work searching(
      Size queries, Size index, int k, boolean bm25, @Nullable Precision precision) {
    List<Part> parts = new ArrayList<>();
    if (bm25) {
      double steps = queries.records() * Math.pow(index.records(), BM25_GROWTH);
      parts.add(new Part(new Rate(Kind.BM25, 0, null), steps));
    }
    if (precision != null) {
      double encoded =
          queries.records() * index.shape().encoding(new int[] {mean(queries, POSITIONS)});
      parts.add(new Part(rate(Kind.ENCODE, index, precision), encoded));
      parts.add(
          new Part(
              new Rate(Kind.SEARCH, index.hidden(), null),
              2.0 * queries.records() * index.records() * index.hidden()));
    }
    double entries = queries.records() * Math.min(k, index.records());
    return new Work(
        parts, RUN_LINE_BYTES * entries, 0, BASE_BYTES + RUN_ENTRY_BYTES * entries, Map.of());
  }

  /** Mining: the run is read and held to this depth, the ids of the sample are written. */
  public static Work mining(double queries, int depth, int sample) {
    double entries = queries * depth;
    Work files = copying(RUN_LINE_BYTES * entries, ID_BYTES * queries * sample);
    double memory = BASE_BYTES + RUN_ENTRY_BYTES * entries;
    return new Work(files.parts(), files.disk(), 0, memory, Map.of());
  }

  /** What is read and written once, in bytes. */
  public static Work copying(double read, double written) {
    return new Work(List.of(reading(read + written)), written, 0, BASE_BYTES, Map.of());
  }

  /** What comes over the network and stays. */
  public static Work downloading(double bytes) {
    Part part = new Part(new Rate(Kind.NETWORK, 0, null), bytes);
    return new Work(List.of(part), bytes, 0, BASE_BYTES, Map.of());
  }

  /** A converted model: its weights are read, or made, and written. */
  public static Work converting(Size encoder) {
    double bytes = WEIGHT_BYTES * weights(encoder.layers(), encoder.hidden());
    return copying(bytes, bytes);
  }

  /** Both, one after the other: time and disk add up, memory is the larger. */
  public static Work both(Work first, Work second) {
    List<Part> parts = new ArrayList<>(first.parts());
    parts.addAll(second.parts());
    return new Work(
        parts,
        first.disk() + second.disk(),
        Math.max(first.passing(), second.passing()),
        Math.max(first.memory(), second.memory()),
        first.makes());
  }

  private static Part reading(double bytes) {
    return new Part(new Rate(Kind.READ, 0, null), bytes);
  }

  private static Rate rate(Kind kind, Size encoder, Precision precision) {
    return new Rate(kind, encoder.hidden(), precision.here());
  }

  private static int mean(Size texts, int longest) {
    return Math.max(1, (int) Math.round(Math.min(texts.tokens(), longest)));
  }
}
