package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.model.RetrievalModel;
import io.condenser.retrieval.Bm25Index;
import io.condenser.retrieval.Bm25Settings;
import io.condenser.retrieval.DenseIndex;
import io.condenser.retrieval.Hybrid;
import io.condenser.retrieval.IndexFolder;
import io.condenser.retrieval.Retriever;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a search goes over: an index folder, or one made of a corpus and deleted afterwards. */
final class Searched implements AutoCloseable {
  private final ScratchFolder scratch;
  private @Nullable Retriever retriever;

  private Searched(ScratchFolder scratch) {
    this.scratch = scratch;
  }

  /** Opens what the settings name, and builds what they lack. */
  static Searched open(SearchStage stage, Console console) throws IOException {
    Searched searched = new Searched(ScratchFolder.beside(stage.run()));
    try {
      Bm25Index bm25 =
          stage.ranker().usesBm25() || stage.showsPassages()
              ? Bm25Index.open(searched.bm25(stage, console))
              : null;
      DenseIndex dense = stage.ranker().usesModel() ? searched.dense(stage, console) : null;
      searched.retriever =
          new Retriever(bm25, dense, new Hybrid(stage.fusion(), stage.denseWeight()));
      return searched;
    } catch (RuntimeException | Error e) {
      searched.close();
      throw e;
    }
  }

  Retriever retriever() {
    return Objects.requireNonNull(retriever);
  }

  private Path bm25(SearchStage stage, Console console) {
    Path index = stage.indexFolder();
    if (index != null) {
      return IndexFolder.bm25(index);
    }
    Path built = IndexFolder.bm25(scratch.path());
    Bm25Settings settings = new Bm25Settings(stage.analysis(), stage.k1(), stage.b());
    Building.bm25(corpus(stage), settings, built, console);
    return built;
  }

  private DenseIndex dense(SearchStage stage, Console console) {
    Path model = model(stage);
    Path embeddings = stage.embeddings();
    Path index = stage.indexFolder();
    if (embeddings == null && index != null) {
      embeddings = IndexFolder.embeddings(index);
    }
    if (embeddings == null) {
      embeddings = IndexFolder.embeddings(scratch.path());
      try (RetrievalModel opened = RetrievalModel.open(model, stage.precision())) {
        Building.embeddings(opened, corpus(stage), stage.batchTokens(), embeddings, console);
      }
    }
    return DenseIndex.open(model, embeddings, stage.precision());
  }

  private static Path model(SearchStage stage) {
    Path index = stage.indexFolder();
    Path model = stage.model() == null && index != null ? IndexFolder.model(index) : stage.model();
    if (model == null) {
      throw new InputException(
          "%s holds no vectors of a model; search it with bm25".formatted(index));
    }
    return model;
  }

  private static Path corpus(SearchStage stage) {
    return Objects.requireNonNull(stage.corpus(), "the stage checks it");
  }

  @Override
  public void close() throws IOException {
    if (retriever != null) {
      retriever.close();
    }
    scratch.close();
  }
}
