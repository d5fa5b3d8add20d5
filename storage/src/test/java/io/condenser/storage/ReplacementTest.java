package io.condenser.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacementTest {
  @TempDir private Path folder;

  @Test
  void whatStoodThereStaysIfWritingFails() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    assertThatThrownBy(() ->
            Replacement.file(
                file,
                aside -> {
                  Files.writeString(aside, "half");
                  throw new IOException("the disk is full");
                }))
        .hasMessageContaining("cannot write " + file + ": the disk is full");
    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryNotContaining("glob:**" + Replacement.UNFINISHED);
    Replacement.file(file, aside -> Files.writeString(aside, "new"));
    assertThat(file).hasContent("new");
  }

  @Test
  void aFileTakesNoFoldersPlace() throws IOException {
    Path letters = Files.createDirectory(folder.resolve("letters"));
    Path letter = Files.writeString(letters.resolve("dear.txt"), "dear");
    assertThatThrownBy(() -> Replacement.file(letters, aside -> Files.writeString(aside, "x")))
        .isInstanceOf(InputException.class)
        .hasMessage(letters + ": is a folder; expected a file to write");
    assertThat(letter).hasContent("dear");
  }

  @Test
  void aLinkStaysOneAndWhatItLeadsToIsReplaced() throws IOException {
    Path disk = Files.createDirectories(folder.resolve("disk/index"));
    Files.writeString(disk.resolve("old"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("index"), disk);

    Replacement.directory(link, aside -> Files.writeString(aside.resolve("new"), "new"));

    assertThat(link).isSymbolicLink();
    assertThat(disk).isDirectoryContaining("glob:**/new").isDirectoryNotContaining("glob:**/old");
  }

  @Test
  void aFinishedFileTakesALinksPlaceAndLeavesWhatItLeadsTo() throws IOException {
    Path shared = Files.writeString(folder.resolve("shared"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("file"), shared);
    Path part = Files.writeString(folder.resolve("file.part"), "new");

    Replacement.byFinished(link, part);

    assertThat(link).isRegularFile().hasContent("new");
    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(shared).hasContent("old");
    assertThat(part).doesNotExist();
  }

  @Test
  void whatIsDiscardedIsGoneWithWhatAKilledRunLeftOfIt() throws IOException {
    Path index = Files.createDirectories(folder.resolve("index"));
    Files.createDirectories(folder.resolve("index.replaced/rest"));
    Files.writeString(index.resolve("a"), "a");
    Replacement.discard(index);
    Replacement.discard(index);
    assertThat(folder).isEmptyDirectory();
  }
}
