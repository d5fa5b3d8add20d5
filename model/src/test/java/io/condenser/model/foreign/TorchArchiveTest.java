package io.condenser.model.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.condenser.storage.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchArchiveTest {
  @TempDir Path folder;

  @Test
  void everyTruncationIsNoticed() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.path("torch/pytorch_model.bin"));
    for (int length = 0; length < whole.length; length += 257) {
      Path file = write(Arrays.copyOf(whole, length));
      assertThat(catchThrowable(() -> read(file)))
          .as("the first %d of %d bytes", length, whole.length)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("pytorch_model.bin");
    }
  }

  @Test
  void damagedPicklesNeverDoMoreThanFail() throws IOException {
    byte[] whole = pickleOfFixture();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      byte[] spoilt = whole.clone();
      spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt();
      Throwable thrown =
          catchThrowable(() -> TorchPickle.stateDict("spoilt", MemorySegment.ofArray(spoilt)));
      if (thrown != null) {
        assertThat(thrown).as("seed %d, trial %d", seed, i).isInstanceOf(InputException.class);
      }
    }
  }

  private static byte[] pickleOfFixture() throws IOException {
    try (ZipFile zip = new ZipFile(Fixtures.path("torch/pytorch_model.bin").toFile())) {
      return zip.getInputStream(zip.getEntry("pytorch_model/data.pkl")).readAllBytes();
    }
  }

  @Test
  void aPickleThatCallsPythonIsRefusedByName() throws IOException {
    // what pickle.dumps gives for an object whose __reduce__ is (os.system, ("true",))
    String pickle = "\u0080\u0002cposix\nsystem\nX\u0004\0\0\0true\u0085R.";
    assertThatThrownBy(() -> read(archive(pickle)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("posix.system")
        .hasMessageContaining("expected a plain state dict");
  }

  @Test
  void aTensorBeyondItsStorageIsNamed() throws IOException {
    assertThatThrownBy(() -> read(archive(tensor("weight", 3, 1))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tensor weight of shape [3] needs more bytes than the 8");
  }

  @Test
  void aTensorWithGapsIsNamed() throws IOException {
    assertThatThrownBy(() -> read(archive(tensor("weight", 2, 2))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tensor weight has shape [2] with strides [2]");
  }

  @Test
  void theFormatBeforeTheZipIsNamed() throws IOException {
    Path file = write(new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10, 'l', (byte) 0xfc, 1, 2});
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("as PyTorch writes since 1.6");
  }

  /** The pickle of {@code {name: tensor}}, over the storage 0 of two floats. */
  private static String tensor(String name, int size, int stride) {
    return "\u0080\u0002}"
        + text(name)
        + "ctorch._utils\n_rebuild_tensor_v2\n("
        + ("(" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + "K\u0002tQ")
        + "K\0" // offset
        + ("K" + (char) size + "\u0085")
        + ("K" + (char) stride + "\u0085")
        + "\u0089ccollections\nOrderedDict\n)RtRs.";
  }

  private static String text(String value) {
    return "X" + (char) value.length() + "\0\0\0" + value;
  }

  /** An archive whose pickle is given by its bytes, as the code points of a text. */
  private Path archive(String pickle) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      stored(zip, "archive/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
      stored(zip, "archive/data/0", new byte[8]);
    }
    return write(bytes.toByteArray());
  }

  private static void stored(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("pytorch_model.bin"), content);
  }

  private static void read(Path file) {
    try (OpenFiles files = new OpenFiles()) {
      TorchArchive.read(file, files);
    }
  }
}
