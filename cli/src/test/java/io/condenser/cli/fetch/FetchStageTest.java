package io.condenser.cli.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.RecordingConsole;
import io.condenser.storage.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of files, and what is packed in them. */
class FetchStageTest {
  @TempDir private Path folder;

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] tar(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
        entry.setSize(content.length);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private Path unpacked(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    Archive archive = Archive.of(file).orElseThrow();
    archive.unpack();
    return archive.target();
  }

  @Test
  void aListOfFilesIsFetchedAndUnpackedIntoFoldersOfTheirNames() throws IOException {
    try (FileServer server = new FileServer()) {
      server.content = gzip(tar(Map.of("collection.tsv", "1\ttext\n", "a/b.txt", "deep")));
      FetchStage stage =
          new FetchStage(
              List.of(server.url("/file.tar.gz"), server.url("/file") + " as=plain.bin"),
              folder.resolve("data"),
              true);

      stage.run(new RecordingConsole());

      assertThat(stage.outputs())
          .containsExactly(folder.resolve("data/file"), folder.resolve("data/plain.bin"));
      assertThat(folder.resolve("data/file/collection.tsv")).hasContent("1\ttext\n");
      assertThat(folder.resolve("data/file/a/b.txt")).hasContent("deep");
      assertThat(folder.resolve("data/plain.bin")).hasBinaryContent(server.content);
    }
  }

  @Test
  void onlyAFolderThatWasUnpackedIsReplaced() throws IOException {
    byte[] archive = zip(Map.of("a.txt", "new"));
    Path letters = Files.createDirectory(folder.resolve("letters"));
    Path letter = Files.writeString(letters.resolve("dear.txt"), "dear");
    assertThatThrownBy(() -> unpacked("letters.zip", archive))
        .isInstanceOf(InputException.class)
        .hasMessage(
            letters
                + ": holds files that letters.zip was not seen to bring, and would be replaced; move"
                + " it away");
    assertThat(letter).hasContent("dear");
    unpacked("data.zip", zip(Map.of("b.txt", "old")));
    assertThat(unpacked("data.zip", archive).resolve("a.txt")).hasContent("new");
    assertThat(folder.resolve("data/b.txt")).doesNotExist();
  }

  @Test
  void whatIsThereAndUnpackedIsLeftAlone() throws IOException {
    Files.write(folder.resolve("x.tsv.gz"), gzip("new".getBytes(StandardCharsets.UTF_8)));
    Files.writeString(folder.resolve("x.tsv"), "as it was");

    new FetchStage(List.of("http://localhost:1/x.tsv.gz"), folder, true)
        .run(new RecordingConsole());

    assertThat(folder.resolve("x.tsv")).hasContent("as it was");
  }

  @Test
  void anArchiveNewerThanWhatLiesThereIsUnpackedAgain() throws IOException {
    Files.write(folder.resolve("x.tsv.gz"), gzip("new".getBytes(StandardCharsets.UTF_8)));
    Path old = Files.writeString(folder.resolve("x.tsv"), "of an older archive");
    Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));

    new FetchStage(List.of("http://localhost:1/x.tsv.gz"), folder, true)
        .run(new RecordingConsole());

    assertThat(old).hasContent("new");
  }

  @Test
  void aFileThatAnotherProcessFetchesIsNotWrittenTo() throws IOException {
    try (FileServer server = new FileServer();
        PartialFile _ = PartialFile.take(folder.resolve("file"))) {
      FetchStage stage = new FetchStage(List.of(server.url("/file")), folder, false);
      assertThatThrownBy(() -> stage.run(new RecordingConsole()))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("file.part: another process fetches it");
    }
  }

  /** The system knows locks by process, and forgets one when any channel to its file is closed. */
  @Test
  void anotherProcessIsKeptAwayAllTheTime() throws Exception {
    Path target = folder.resolve("file");
    Path probe =
        Files.writeString(
            folder.resolve("Probe.java"),
            """
            import java.nio.channels.FileChannel;
            import java.nio.file.*;
            void main(String[] arguments) throws Exception {
              try (var channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                System.exit(channel.tryLock() == null ? 3 : 4);
              }
            }
            """);
    try (PartialFile part = PartialFile.take(target)) {
      part.begin(Optional.of("\"version 1\""));
      Files.writeString(part.file(), "half");
      assertThat(part.validator()).contains("\"version 1\"");
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  probe.toString(),
                  folder.resolve("file.part.version").toString())
              .inheritIO()
              .start();
      assertThat(other.waitFor()).as("3 is kept away").isEqualTo(3);
    }
  }

  @Test
  void everyKindIsUnpacked() throws IOException {
    Map<String, String> files = Map.of("qrels/dev.tsv", "judged");
    assertThat(unpacked("a.tar", tar(files)).resolve("qrels/dev.tsv")).hasContent("judged");
    assertThat(unpacked("b.tgz", gzip(tar(files))).resolve("qrels/dev.tsv")).hasContent("judged");
    assertThat(unpacked("c.zip", zip(files)).resolve("qrels/dev.tsv")).hasContent("judged");
    assertThat(unpacked("d.tsv.gz", gzip("rows".getBytes(StandardCharsets.UTF_8))))
        .hasContent("rows")
        .hasFileName("d.tsv");
    assertThat(Archive.of(Path.of("collection.tsv"))).isEmpty();
  }

  @Test
  void aNameOutsideOfTheFolderIsRefusedAndNothingIsWritten() throws IOException {
    for (String name : List.of("../evil.txt", "/tmp/evil.txt", "a/../../evil.txt")) {
      assertThatThrownBy(() -> unpacked("t.tar", tar(Map.of(name, "x"))))
          .as("tar " + name)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("would lie outside of");
      assertThatThrownBy(() -> unpacked("z.zip", zip(Map.of(name, "x"))))
          .as("zip " + name)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("would lie outside of");
    }
    assertThat(folder.resolve("evil.txt")).doesNotExist();
    assertThat(folder.resolve("t")).doesNotExist();
  }

  @Test
  void aLinkIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
      link.setLinkName("/etc/passwd");
      out.putArchiveEntry(link);
      out.closeArchiveEntry();
    }

    assertThatThrownBy(() -> unpacked("l.tar", bytes.toByteArray()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'link', which is a link or a device");
  }

  @Test
  void aDamagedArchiveIsRefusedAndWhatStoodThereStays() throws IOException {
    byte[] whole = gzip(tar(Map.of("a.txt", "x".repeat(10_000))));
    unpacked("d.tar.gz", gzip(tar(Map.of("old.txt", "old"))));

    assertThatThrownBy(() -> unpacked("d.tar.gz", Arrays.copyOf(whole, 60)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be unpacked");
    assertThat(folder.resolve("d/old.txt")).hasContent("old");
  }

  @Test
  void settingsThatCannotBeMeantAreRefused() {
    assertThatThrownBy(() -> new FetchStage(List.of(), folder, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("urls is empty");
    assertThatThrownBy(
            () -> new FetchStage(List.of("http://h/a/x.tsv", "http://h/b/x.tsv"), folder, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("give one another name with as=NAME");
    assertThatThrownBy(() -> new FetchStage(List.of("http://h/x.tsv"), folder, true))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none of urls is packed");
  }
}
