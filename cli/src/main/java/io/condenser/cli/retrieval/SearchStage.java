package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.model.Precision;
import io.condenser.retrieval.Analysis;
import io.condenser.retrieval.Bm25Settings;
import io.condenser.retrieval.Hybrid;
import io.condenser.retrieval.Ranker;
import io.condenser.retrieval.Retriever;
import io.condenser.storage.InputException;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Queries to a run, or one question to answers on the terminal. */
public record SearchStage(
    @Setting(value = "One question, answered on the terminal", byDefault = Setting.ABSENT)
        @Nullable String query,
    @Setting(value = "Queries to search for", byDefault = Setting.ABSENT) @Nullable Path queries,
    @Setting(
            value = "Judgments; only the queries that they judge are searched for",
            byDefault = Setting.ABSENT)
        @Nullable Path qrels,
    @Setting(value = "TREC run to write, of those queries", byDefault = Setting.ABSENT)
        @Nullable Path run,
    @Setting(value = "Index that 'index' wrote", byDefault = Setting.ABSENT) @Nullable Path index,
    @Setting(
            value = "Folder of a finished recipe; its 'index' is searched",
            byDefault = Setting.ABSENT)
        @Nullable Path work,
    @Setting(
            value = "Corpus to search, indexed for this search alone; instead of an index",
            byDefault = Setting.ABSENT)
        @Nullable Path corpus,
    @Setting(
            value = "The corpus' vectors that 'encode' wrote; without them it is encoded",
            byDefault = Setting.ABSENT)
        @Nullable Path embeddings,
    @Setting(value = "Model folder; an index knows its own", byDefault = Setting.ABSENT)
        @Nullable Path model,
    @Setting(value = "Rank by BM25, without a model", byDefault = "false") boolean bm25,
    @Setting(value = "Rank by BM25 and the model, fused", byDefault = "false") boolean hybrid,
    @Setting(
            value = "Passages for each query, at least 1; else 100 for a run, 10 for a question",
            byDefault = Setting.ABSENT)
        @Nullable Integer k,
    @Setting(value = "How BM25 turns text into terms; an index knows it", byDefault = "english")
        Analysis analysis,
    @Setting(value = "BM25's k1, 0 to 100; an index knows it", byDefault = "0.9") double k1,
    @Setting(value = "BM25's b, 0 to 1; an index knows it", byDefault = "0.4") double b,
    @Setting(value = "What a place in a ranking is worth to the hybrid", byDefault = "min-max")
        Hybrid.Method fusion,
    @Setting(value = "The model's part in the hybrid, 0 to 1", byDefault = "0.5")
        double denseWeight,
    @Setting(
            value =
                "Precision of matrix products; auto is what is faster here, fp32 or bf16; fp16 is for"
                    + " GPUs; int8 goes through ONNX Runtime",
            byDefault = "fp32")
        Precision precision,
    @Setting(value = "Tokens of a batch, padding included, at least 1", byDefault = "8192")
        int batchTokens)
    implements Stage {

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
              "search",
              SearchStage.class,
              "Searches a corpus or an index: writes a run, or answers one question.",
              "search --model work/model --corpus data/corpus.jsonl --queries data/queries.jsonl"
                  + " --k 100 --run work/dev.run")
          .withPositional("query");

  private static final int RUN_DEPTH = 100;
  private static final int ANSWERS = 10;
  private static final int COLUMNS = 100;
  private static final int LINES = 3;

  public SearchStage {
    require((query == null) != (queries == null), "expected either a query or queries, not both");
    require((queries == null) == (run == null), "queries and run go together: one is missing");
    require(qrels == null || queries != null, "qrels choose among queries, but there are none");
    require(
        Stream.of(index, work, corpus).filter(Objects::nonNull).count() == 1,
        "expected one of index, work and corpus to search");
    require(!(bm25 && hybrid), "expected bm25 or hybrid, not both");
    require(
        bm25 || model != null || corpus == null,
        "expected a model to search with, or bm25 to search without one");
    require(k == null || k >= 1, "k is " + k + "; expected at least 1");
    new Bm25Settings(analysis, k1, b); // these refuse values out of range
    new Hybrid(fusion, denseWeight);
    Building.requireBatch(batchTokens);
  }

  private static void require(boolean met, String problem) {
    if (!met) {
      throw new InputException(problem);
    }
  }

  @Override
  public List<Path> inputs() {
    return Stream.of(queries, qrels, indexFolder(), corpus, embeddings, model)
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public List<Path> outputs() {
    return Stream.ofNullable(run).toList();
  }

  @Override
  public Work work(Sizes sizes) {
    Size asked = queries == null ? Size.texts(1, 0, 1) : sizes.queries(queries);
    if (qrels != null) {
      asked = Size.texts(sizes.judged(qrels), asked.tokens(), asked.documents());
    }
    Path searched = Objects.requireNonNull(corpus == null ? indexFolder() : corpus);
    Size passages = sizes.passages(searched);
    Size found =
        ranker().usesModel()
            ? passages.by(sizes.encoder(model == null ? searched : model))
            : passages;
    Work search =
        Costs.searching(
            asked,
            found,
            k == null ? RUN_DEPTH : k,
            ranker().usesBm25(),
            ranker().usesModel() ? precision : null);
    return corpus == null ? search : Costs.both(building(passages, found), search);
  }

  /** What an index of this search alone takes. */
  private Work building(Size passages, Size found) {
    Work bm25 = Costs.indexing(passages);
    return ranker().usesModel() && embeddings == null
        ? Costs.both(
            bm25, Costs.encoding(passages, Building.LONGEST, found, batchTokens, precision))
        : bm25;
  }

  @Nullable Path indexFolder() {
    return work == null ? index : work.resolve("index");
  }

  Ranker ranker() {
    return bm25 ? Ranker.BM25 : hybrid ? Ranker.HYBRID : Ranker.DENSE;
  }

  /** Whether passages will be shown, for which their texts are needed. */
  boolean showsPassages() {
    return query != null;
  }

  @Override
  public void run(Console console) throws IOException {
    try (Searched searched = Searched.open(this, console)) {
      Retriever retriever = searched.retriever();
      if (query != null) {
        int answers = k == null ? ANSWERS : k;
        console.result(
            new AnswerPage(COLUMNS, LINES).show(retriever.search(query, answers, ranker())));
      } else if (queries != null && run != null) {
        List<Query> all = readAll(queries, qrels);
        try (Console.Progress progress = console.progress("search", all.size(), "queries")) {
          Run found = retriever.search(all, k == null ? RUN_DEPTH : k, ranker(), progress::at);
          found.writeTrec(run, ranker().name().toLowerCase(Locale.ROOT));
        }
      }
    }
  }

  private static List<Query> readAll(Path file, @Nullable Path qrels) {
    Set<String> judged = qrels == null ? null : new HashSet<>(Qrels.read(qrels).queries());
    List<Query> all = new ArrayList<>();
    try (RecordReader<Query> reader = Queries.open(file)) {
      for (Query query = reader.next(); query != null; query = reader.next()) {
        if (judged == null || judged.contains(query.id())) {
          Run.requireWritable("query", query.id());
          all.add(query);
        }
      }
    }
    if (all.isEmpty()) {
      throw InputException.in(
          file, "holds no query that %s judges; do the two belong together?".formatted(qrels));
    }
    return all;
  }
}
