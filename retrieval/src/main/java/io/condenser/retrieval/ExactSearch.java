package io.condenser.retrieval;

import io.condenser.evaluation.Run;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Finds, for each query, the passages of largest inner product, all of them compared. Q queries at
 * a time meet P passages at a time in one matrix product, passages being read where they are
 * mapped; the scores are scanned for those that enter a query's best k. Only {@code Q × P} scores
 * exist at a time, so the store may be larger than memory.
 */
public final class ExactSearch {
  /** Q. The store is read once for each group of so many queries. */
  private static final int QUERIES = 1024;

  /** Q × P, 16 MiB of scores: 4096 passages meet 1024 queries, 4 million meet a single one. */
  private static final int SCORES = 1 << 22;

  /** Scores whose largest is looked at first, since hardly any group holds one of the best k. */
  private static final int GROUP = 32;

  private final EmbeddingStore store;
  private final int scoresAtOnce;

  public ExactSearch(EmbeddingStore store) {
    this(store, SCORES);
  }

  ExactSearch(EmbeddingStore store, int scoresAtOnce) {
    this.store = store;
    this.scoresAtOnce = scoresAtOnce;
  }

  /**
   * The k best passages of each query; ties are broken as {@link
   * io.condenser.evaluation.RankingOrder} says, also at the cut.
   *
   * @param k at most so many a query, at least 1
   * @param progress is told how many queries are done
   * @throws io.condenser.storage.InputException if another model made the queries' vectors
   */
  public Run search(Embeddings queries, int k, LongConsumer progress) {
    Run.Builder run = new Run.Builder();
    search(queries, k, progress, run);
    return run.build();
  }

  /** As {@link #search(Embeddings, int, LongConsumer)}, adding to what was found before. */
  void search(Embeddings queries, int k, LongConsumer progress, Run.Builder run) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + "; expected at least 1");
    }
    store.requireModel(queries.model());
    for (int from = 0; from < queries.size(); from += QUERIES) {
      int to = Math.min(from + QUERIES, queries.size());
      add(run, queries.slice(from, to), k);
      progress.accept(to);
    }
  }

  private void add(Run.Builder run, Embeddings queries, int k) {
    int kept = Math.min(k, Math.max(1, store.size()));
    List<TopK> best =
        Stream.generate(() -> new TopK(kept, store::id)).limit(queries.size()).toList();
    int passagesAtOnce = Math.max(1, scoresAtOnce / queries.size());
    try (PointerScope _ = new PointerScope()) {
      Tensor rows = Tensor.create(queries.vectors(), queries.size(), queries.dimension()); // [Q, H]
      for (EmbeddingStore.Shard shard : store.shards()) {
        for (int from = 0; from < shard.rows(); from += passagesAtOnce) {
          int to = Math.min(from + passagesAtOnce, shard.rows());
          compare(rows, shard, from, to, best);
        }
      }
    }
    for (int q = 0; q < queries.size(); q++) {
      TopK top = best.get(q);
      for (int i = 0; i < top.size(); i++) {
        run.add(queries.ids().get(q), store.id(top.row(i)), top.score(i));
      }
    }
  }

  /** Scores the queries against rows {@code from} to {@code to} of a shard. */
  private void compare(
      Tensor queries, EmbeddingStore.Shard shard, int from, int to, List<TopK> best) {
    int passages = to - from;
    long rowBytes = (long) Float.BYTES * store.dimension();
    MemorySegment block = shard.vectors().asSlice(from * rowBytes, passages * rowBytes);
    int groups = passages / GROUP;
    try (PointerScope _ = new PointerScope()) {
      Tensor mapped = torch.from_blob(pointer(block), passages, store.dimension()); // [P, H]
      Tensor product = product(queries, mapped).view(best.size(), passages); // [Q, P]
      FloatBuffer scores = product.createBuffer();
      FloatBuffer maxima = groupMaxima(product, groups);
      int firstRow = shard.firstRow() + from;
      // Each query has a heap of its own, so they may be scanned side by side.
      IntStream.range(0, best.size())
          .parallel()
          .forEach(q -> {
            TopK top = best.get(q);
            int first = q * passages;
            for (int group = 0; group < groups; group++) {
              if (maxima.get(q * groups + group) >= top.least()) {
                int at = group * GROUP;
                top.offer(firstRow + at, scores, first + at, first + at + GROUP);
              }
            }
            int rest = groups * GROUP;
            top.offer(firstRow + rest, scores, first + rest, first + passages);
          });
    }
  }

  /** The largest of each {@link #GROUP} scores: {@code [Q, P]} to {@code [Q, groups]}. */
  private static FloatBuffer groupMaxima(Tensor scores, int groups) {
    if (groups == 0) {
      return FloatBuffer.allocate(0);
    }
    return scores
        .narrow(1, 0, (long) groups * GROUP)
        .unflatten(1, groups, GROUP)
        .amax(new long[] {2}, false)
        .contiguous()
        .createBuffer();
  }

  /** {@code [Q, H] × [P, H]ᵀ}; one query takes a third of the time as a vector. */
  private static Tensor product(Tensor queries, Tensor passages) {
    return queries.size(0) == 1
        ? torch.mv(passages, queries.view(queries.size(1)))
        : torch.mm(queries, passages.t());
  }

  /** Where the tensor library finds a mapped block; nothing is copied. */
  private static FloatPointer pointer(MemorySegment block) {
    return new FloatPointer(block.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer());
  }
}
