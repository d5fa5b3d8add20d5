package io.condenser.cli.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.condenser.cli.RecordingConsole;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server on this machine that misbehaves as it is told. */
class DownloaderTest {
  private static final int BYTES = 300_000;

  @TempDir private Path folder;
  private FileServer server;
  private Path target;
  private final RecordingConsole console = new RecordingConsole();

  @BeforeEach
  void serve() throws IOException {
    server = new FileServer();
    server.content = bytes(1);
    target = folder.resolve("data/file.tsv");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static byte[] bytes(int seed) {
    byte[] bytes = new byte[BYTES];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private String sha256(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("expected"), content);
    return "sha256=" + Checksum.of(Checksum.Kind.SHA256, file).hex();
  }

  private boolean fetch(String path, String behind) throws IOException {
    try (Downloader downloader =
        new Downloader(console, Duration.ofMillis(1), Duration.ofSeconds(20))) {
      return downloader.fetch(Download.parse(server.url(path) + " " + behind), target);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(target.getParent())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aWholeFileTakesItsPlaceAndLeavesNothingBeside() throws IOException {
    assertThat(fetch("/file.tsv", sha256(server.content) + " bytes=" + BYTES)).isTrue();

    assertThat(target).hasBinaryContent(server.content);
    assertThat(files()).containsExactly("file.tsv");
    assertThat(console.remarks).last().asString().endsWith("300,000 bytes, sha256 is right");
  }

  @Test
  void aCutConnectionIsGoneOnWithWhereItEnded() throws IOException {
    server.cuts.addAll(List.of(100_000, 50_000));

    fetch("/file.tsv", sha256(server.content));

    assertThat(target).hasBinaryContent(server.content);
    assertThat(server.requests).hasSize(3);
    assertThat(server.requests.subList(1, 3)).allMatch(asked -> asked.contains("bytes="));
  }

  @Test
  void aLaterRunGoesOnWithWhatAnEarlierOneLeft() throws IOException {
    leave(Files.createDirectories(target.getParent()), 120_000, "\"one\"");

    fetch("/file.tsv", sha256(server.content));

    assertThat(target).hasBinaryContent(server.content);
    assertThat(server.requests).containsExactly("/file.tsv bytes=120000-");
    assertThat(files()).containsExactly("file.tsv");
  }

  @Test
  void whatAnEarlierRunLeftWholeIsOnlyChecked() throws IOException {
    leave(Files.createDirectories(target.getParent()), BYTES, "\"one\"");

    fetch("/file.tsv", sha256(server.content));

    assertThat(target).hasBinaryContent(server.content);
    assertThat(server.requests).containsExactly("/file.tsv bytes=300000-");
  }

  private void leave(Path beside, int count, String version) throws IOException {
    byte[] part = Arrays.copyOf(server.content, count);
    Files.write(beside.resolve("file.tsv.part"), part);
    Files.writeString(beside.resolve("file.tsv.part.version"), version);
  }

  @Test
  void aServerThatIgnoresRangesIsReadFromTheStart() throws IOException {
    server.knowsRange = false;
    server.cuts.add(100_000);

    fetch("/file.tsv", sha256(server.content));

    assertThat(target).hasBinaryContent(server.content);
  }

  @Test
  void aFileThatChangedMeanwhileComesWhole() throws IOException {
    leave(Files.createDirectories(target.getParent()), 120_000, "\"one\"");
    server.content = bytes(2);
    server.etag = "\"two\"";

    fetch("/file.tsv", sha256(server.content));

    assertThat(target).hasBinaryContent(server.content);
  }

  @Test
  void aChangedFileIsNotGoneOnWithEvenIfTheServerWould() throws IOException {
    leave(Files.createDirectories(target.getParent()), 120_000, "\"one\"");
    server.content = bytes(2);
    server.etag = "\"two\"";
    server.knowsIfRange = false;

    fetch("/file.tsv", "");

    assertThat(target).hasBinaryContent(server.content);
    assertThat(server.requests).containsExactly("/file.tsv bytes=120000-", "/file.tsv");
  }

  @Test
  void aServerThatNamesNoVersionIsReadFromTheStart() throws IOException {
    server.etag = "";
    server.cuts.add(100_000);

    fetch("/file.tsv", sha256(server.content));

    assertThat(target).hasBinaryContent(server.content);
    assertThat(server.requests).containsExactly("/file.tsv", "/file.tsv");
  }

  @Test
  void aWrongChecksumIsRefusedAndWhatCameIsRemoved() throws IOException {
    String other = sha256(bytes(3));

    assertThatThrownBy(() -> fetch("/file.tsv", other))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not the file that was meant: sha256 ")
        .hasMessageContaining("expected " + other.substring("sha256=".length()));
    assertThat(files()).isEmpty();
  }

  @Test
  void aWrongSizeIsRefusedBeforeTheFileIsRead() throws IOException {
    Files.createDirectories(target.getParent());

    assertThatThrownBy(() -> fetch("/file.tsv", "bytes=12"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has 300,000 bytes, expected 12");
    assertThat(files()).isEmpty();
  }

  @Test
  void whatCameBeforeAnAnswerOfAWrongSizeStays() throws IOException {
    Files.createDirectories(target.getParent());
    Path part = Files.writeString(target.resolveSibling("file.tsv.part"), "half");
    Files.writeString(target.resolveSibling("file.tsv.part.version"), "\"of old\"\n");

    assertThatThrownBy(() -> fetch("/file.tsv", "bytes=12"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has 300,000 bytes, expected 12");
    assertThat(part).hasContent("half");
  }

  @Test
  void aFileThatIsThereWithTheRightChecksumTouchesNoNetwork() throws IOException {
    Files.createDirectories(target.getParent());
    Files.write(target, server.content);

    assertThat(fetch("/file.tsv", sha256(server.content))).isFalse();
    assertThat(server.requests).isEmpty();
  }

  @Test
  void aFileThatIsThereWithAnotherChecksumIsReplaced() throws IOException {
    Files.createDirectories(target.getParent());
    Files.writeString(target, "old");

    assertThat(fetch("/file.tsv", sha256(server.content))).isTrue();
    assertThat(target).hasBinaryContent(server.content);
  }

  @Test
  void aFileThatTheServerLacksIsRefusedAtOnce() {
    assertThatThrownBy(() -> fetch("/nothing.tsv", ""))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("/nothing.tsv: the server answered 404, there is no such file");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void aBusyServerIsAskedAgain() throws IOException {
    server.statuses.addAll(List.of(503, 429));

    fetch("/file.tsv", sha256(server.content));

    assertThat(target).hasBinaryContent(server.content);
    assertThat(console.remarks).first().asString().contains("503; trying again in ");
  }

  @Test
  void aServerThatStaysBusyIsGivenUp() {
    server.statuses.addAll(List.of(503, 503, 503, 503, 503));

    assertThatThrownBy(() -> fetch("/file.tsv", ""))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the server answered 503, 5 times");
    assertThat(server.requests).hasSize(5);
  }

  @Test
  void aServerThatNeverSendsMoreThanHalfIsGivenUp() {
    server.knowsRange = false;
    server.cuts.addAll(List.of(1000, 1000, 1000, 1000, 1000, 1000, 1000));

    assertThatThrownBy(() -> fetch("/file.tsv", "")).isInstanceOf(InputException.class);
    assertThat(server.requests).hasSizeLessThan(7);
  }

  @Test
  void aServerThatIsNotThereIsSaidPlainly() {
    server.close();
    assertThatThrownBy(() -> fetch("/file.tsv", ""))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot connect, 5 times. Check the network");
  }

  @Test
  void redirectsAreFollowed() throws IOException {
    fetch("/moved.tsv", sha256(server.content));

    assertThat(target).hasBinaryContent(server.content);
  }

  @Test
  void aFullDiskIsSaidOnceAndNotTriedAgain() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full here");
    Files.createDirectories(target.getParent());
    Files.createSymbolicLink(target.resolveSibling("file.tsv.part"), full);

    assertThatThrownBy(() -> fetch("/file.tsv", ""))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot write")
        .hasMessageContaining("file.tsv.part");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void downloadsAreReadAsWritten() {
    String md5 = "0123456789abcdef0123456789ABCDEF";
    Download download = Download.parse("https://h.example/a/b.tsv?x=1  md5=" + md5 + " bytes=7");

    assertThat(download.name()).isEqualTo("b.tsv");
    assertThat(download.bytes()).isEqualTo(7);
    assertThat(download.checksums().getFirst().hex()).isEqualTo(md5.toLowerCase(Locale.ROOT));
    assertThat(Download.parse("https://h.example/x?id=3 as=c.gz").name()).isEqualTo("c.gz");
  }

  @Test
  void whatIsNoDownloadIsRefusedByName() {
    assertRefused("ftp://h.example/x", "is no URL of http or https");
    assertRefused("https://h.example/x sha256=12", "expected 64 hexadecimal digits");
    assertRefused("https://h.example/x sha265=12", "did you mean 'sha256'?");
    assertRefused("https://h.example/x bytes=many", "bytes is 'many'; expected a whole number");
    assertRefused("https://h.example/", "give one with as=NAME");
    assertRefused("https://h.example/x as=../x", "'../x' cannot be a file's name");
  }

  private static void assertRefused(String text, String problem) {
    assertThatThrownBy(() -> Download.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void checksumsAreThoseOfTheStandards() throws IOException {
    Path file = Files.write(folder.resolve("abc"), "abc".getBytes(StandardCharsets.US_ASCII));
    assertThat(Checksum.of(Checksum.Kind.MD5, file)) // RFC 1321, A.5
        .hasToString("md5 900150983cd24fb0d6963f7d28e17f72");
    assertThat(Checksum.of(Checksum.Kind.SHA256, file).hex()) // FIPS 180-2, B.1
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
