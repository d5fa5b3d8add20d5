package io.condenser.cli.dataset;

import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import io.condenser.text.Passage;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Titles that lie in a file of their own, {@code id<TAB>title}, in the order of the corpus, as
 * those of MS MARCO's passages do. Only one is held.
 */
final class Titles implements AutoCloseable {
  private final Lines lines;
  private @Nullable String id;
  private String title = "";

  Titles(Path file) {
    lines = Lines.open(file);
    advance();
  }

  /** The passage with its title, or as it is if the file has none for it. */
  Passage of(Passage passage) {
    if (!passage.id().equals(id)) {
      return passage;
    }
    Passage titled =
        new Passage(passage.id(), title, passage.text(), passage.doc(), passage.spans());
    advance();
    return titled;
  }

  private void advance() {
    String line = lines.next();
    while (line != null && line.isBlank()) {
      line = lines.next();
    }
    if (line == null) {
      id = null;
      return;
    }
    int tab = line.indexOf('\t');
    if (tab < 1) {
      throw lines.error("expected an id, a tab and a title");
    }
    id = line.substring(0, tab);
    title = line.substring(tab + 1).strip();
  }

  /**
   * Makes sure that every title found its passage.
   *
   * @throws InputException naming the first that did not
   */
  void requireEnd() {
    if (id != null) {
      throw lines.error(
          "no passage '%s' comes after those of the titles before; titles must be in the order of"
                  .formatted(id)
              + " the corpus, so sort both files by id in the same way");
    }
  }

  @Override
  public void close() {
    lines.close();
  }
}
