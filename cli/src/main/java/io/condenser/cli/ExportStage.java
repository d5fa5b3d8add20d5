package io.condenser.cli;

import io.condenser.model.EncoderGraph;
import io.condenser.model.ModelFolder;
import io.condenser.model.Precision;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code export}: writes an encoder as an ONNX file, for other programs to run. */
public record ExportStage(
    @Setting("Model folder") Path model,
    @Setting("ONNX file to write: token ids, mask and types to embeddings") Path out,
    @Setting(value = "Precision of matrix products: fp32 or int8", byDefault = "fp32")
        Precision precision,
    @Setting(
            value = "The encoder of queries, where they have one of their own",
            byDefault = "false")
        boolean queries)
    implements Stage {

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "export",
          ExportStage.class,
          "Writes an encoder as an ONNX file.",
          "export --model work/model --out model.onnx");

  public ExportStage {
    if (precision != Precision.FP32 && precision != Precision.INT8) {
      throw new InputException(
          "precision is %s; expected fp32 or int8"
              .formatted(precision.name().toLowerCase(Locale.ROOT)));
    }
  }

  @Override
  public List<Path> inputs() {
    return List.of(model);
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public void run(Console console) throws IOException {
    ModelFolder folder = ModelFolder.open(model);
    EncoderGraph.write(
        out,
        queries ? folder.queryEncoder() : folder,
        folder.retriever(),
        precision == Precision.INT8);
    console.say("%s: %,d bytes".formatted(out, Files.size(out)));
  }
}
