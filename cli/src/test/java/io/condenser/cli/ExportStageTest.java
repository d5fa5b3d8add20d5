package io.condenser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.retrieval.TinyModel;
import io.condenser.model.Precision;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportStageTest {
  private final RecordingConsole console = new RecordingConsole();
  @TempDir private Path folder;

  @Test
  void writesTheEncoderInEitherPrecision() throws IOException {
    Path model = TinyModel.write(folder.resolve("model"), 1);
    Path out = folder.resolve("model.onnx");
    new ExportStage(model, out, Precision.FP32, false).run(console);
    assertThat(out)
        .content(StandardCharsets.ISO_8859_1)
        .contains("input_ids", "embeddings")
        .doesNotContain("MatMulInteger");
    new ExportStage(model, out, Precision.INT8, false).run(console);
    assertThat(out).content(StandardCharsets.ISO_8859_1).contains("MatMulInteger");
    assertThat(console.remarks.getLast()).startsWith(out + ": ").endsWith(" bytes");
    assertThat(console.results).isEmpty();
  }

  @Test
  void refusesBf16AndFolders() throws IOException {
    Path model = TinyModel.write(folder.resolve("model"), 1);
    assertThatThrownBy(() -> new ExportStage(model, model, Precision.BF16, false))
        .isInstanceOf(InputException.class)
        .hasMessage("precision is bf16; expected fp32 or int8");
    assertThatThrownBy(() -> new ExportStage(model, model, Precision.FP32, false).run(console))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a folder");
    assertThat(Files.isDirectory(model)).isTrue();
  }
}
