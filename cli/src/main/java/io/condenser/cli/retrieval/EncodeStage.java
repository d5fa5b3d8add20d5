package io.condenser.cli.retrieval;

import static java.util.Objects.requireNonNull;

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
import io.condenser.retrieval.EmbeddingStore;
import io.condenser.retrieval.Encoding;
import io.condenser.storage.InputException;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Passages or queries to vectors, in an embedding folder. */
public record EncodeStage(
    @Setting("Model folder") Path model,
    @Setting(value = "Corpus to encode", byDefault = Setting.ABSENT) @Nullable Path corpus,
    @Setting(value = "Queries to encode, instead of a corpus", byDefault = Setting.ABSENT)
        @Nullable Path queries,
    @Setting("Folder to write: embeddings*.safetensors, ids.txt, embeddings.json") Path out,
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
          "encode",
          EncodeStage.class,
          "Turns passages or queries into vectors, in sharded safetensors.",
          "encode --model work/model --corpus data/corpus.jsonl --out work/embeddings");

  public EncodeStage {
    if ((corpus == null) == (queries == null)) {
      throw new InputException("expected either corpus or queries, not both");
    }
    Building.requireBatch(batchTokens);
  }

  @Override
  public List<Path> inputs() {
    return Stream.of(model, corpus, queries).filter(Objects::nonNull).toList();
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public List<String> foldersMarks() {
    return List.of(EmbeddingStore.FILE);
  }

  @Override
  public Work work(Sizes sizes) {
    Size texts = queries == null ? sizes.passages(requireNonNull(corpus)) : sizes.queries(queries);
    Size encoder = sizes.encoder(model);
    return Costs.encoding(texts, Building.LONGEST, encoder, batchTokens, precision)
        .making(out, texts.by(encoder));
  }

  @Override
  public void run(Console console) {
    try (RetrievalModel opened = RetrievalModel.open(model, precision)) {
      if (corpus != null) {
        Building.embeddings(opened, corpus, batchTokens, out, console);
      } else if (queries != null) {
        try (RecordReader<Query> reader = Queries.open(queries);
            Console.Progress progress = console.progress("encode", -1, "queries")) {
          Encoding.queries(opened, batchTokens).write(out, reader, progress::at);
        }
      }
    }
  }
}
