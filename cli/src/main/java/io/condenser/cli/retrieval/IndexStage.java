package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.model.Precision;
import io.condenser.model.RetrievalModel;
import io.condenser.retrieval.Analysis;
import io.condenser.retrieval.Bm25Settings;
import io.condenser.retrieval.IndexFolder;
import io.condenser.storage.Replacement;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A corpus to an index folder: a BM25 index that keeps the passages, and a model's vectors. */
public record IndexStage(
    @Setting("Corpus to index") Path corpus,
    @Setting(value = "Model folder; without one there is BM25 alone", byDefault = Setting.ABSENT)
        @Nullable Path model,
    @Setting("Folder to write") Path out,
    @Setting(value = "How BM25 turns text into terms", byDefault = "english") Analysis analysis,
    @Setting(value = "BM25's k1, 0 to 100", byDefault = "0.9") double k1,
    @Setting(value = "BM25's b, 0 to 1", byDefault = "0.4") double b,
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
          "index",
          IndexStage.class,
          "Indexes a corpus for search: BM25, and a model's vectors.",
          "index --corpus data/corpus.jsonl --model work/model --out work/index");

  public IndexStage {
    new Bm25Settings(analysis, k1, b); // refuses values out of range
    Building.requireBatch(batchTokens);
  }

  @Override
  public List<Path> inputs() {
    return Stream.of(corpus, model).filter(Objects::nonNull).toList();
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public List<String> foldersMarks() {
    return List.of(IndexFolder.FILE);
  }

  @Override
  public List<Path> refersTo() {
    return model == null ? List.of() : List.of(model);
  }

  @Override
  public Work work(Sizes sizes) {
    Size passages = sizes.passages(corpus);
    Work bm25 = Costs.indexing(passages);
    if (model == null) {
      return bm25.making(out, passages);
    }
    Size encoder = sizes.encoder(model);
    Work vectors = Costs.encoding(passages, Building.LONGEST, encoder, batchTokens, precision);
    return Costs.both(bm25, vectors).making(out, passages.by(encoder));
  }

  @Override
  public void run(Console console) {
    Replacement.directory(
        out,
        aside -> {
          Building.bm25(
              corpus, new Bm25Settings(analysis, k1, b), IndexFolder.bm25(aside), console);
          if (model != null) {
            try (RetrievalModel opened = RetrievalModel.open(model, precision)) {
              Building.embeddings(
                  opened, corpus, batchTokens, IndexFolder.embeddings(aside), console);
            }
          }
          IndexFolder.describe(aside, out, model);
        });
  }
}
