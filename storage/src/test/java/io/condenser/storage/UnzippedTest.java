package io.condenser.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class UnzippedTest {
  @TempDir Path folder;

  @Test
  void theContentTellsWhetherItIsGzippedNotTheName() throws IOException {
    ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(gzipped)) {
      gzip.write("text".getBytes(StandardCharsets.UTF_8));
    }
    Path named = Files.write(folder.resolve("a.tsv"), gzipped.toByteArray());
    Path misnamed = Files.writeString(folder.resolve("b.tsv.gz"), "text");
    for (Path file : new Path[] {named, misnamed}) {
      try (InputStream in = Unzipped.open(file)) {
        assertThat(in).as(file.toString()).hasContent("text");
      }
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no named pipes")
  void aPipeCannotBeReadTwice() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> Unzipped.requireRereadable(pipe))
        .isInstanceOf(InputException.class)
        .hasMessage(pipe + ": is no regular file; it is read twice, so write it to one");

    Path file = Files.writeString(folder.resolve("file"), "text");
    assertThatCode(() -> Unzipped.requireRereadable(file)).doesNotThrowAnyException();
  }
}
