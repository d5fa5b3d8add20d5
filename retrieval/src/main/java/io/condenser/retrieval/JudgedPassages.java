package io.condenser.retrieval;

import io.condenser.evaluation.Qrels;
import io.condenser.storage.Fingerprint;
import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.RecordReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a corpus says of the passages that are judged relevant: that they exist, and which others
 * have the same text. Memory grows with the judgments, not with the corpus.
 */
public final class JudgedPassages {
  /** Digest of its text for every passage whose text is that of a relevant one. */
  private final Map<String, String> digests;

  private JudgedPassages(Map<String, String> digests) {
    this.digests = digests;
  }

  /**
   * Checks that every judged passage is in the corpus.
   *
   * @throws InputException naming the first line of the judgments that names an unknown passage
   */
  public static void requireKnown(Path qrels, Path corpus) {
    Set<String> unknown = new HashSet<>();
    Qrels.scan(qrels, (query, passage, grade, lines) -> unknown.add(passage));
    forEach(corpus, passage -> unknown.remove(passage.id()));
    refuse(qrels, corpus, unknown);
  }

  private static void refuse(Path qrels, Path corpus, Set<String> unknown) {
    if (unknown.isEmpty()) {
      return;
    }
    Qrels.scan(
        qrels,
        (query, passage, grade, lines) -> {
          if (unknown.contains(passage)) {
            throw lines.error(
                ("passage '%s' is judged, but %s has no such passage (%d judged ids are unknown"
                        + " there); use the corpus that these judgments were made for")
                    .formatted(passage, corpus, unknown.size()));
          }
        });
  }

  /**
   * Reads the corpus three times: to check the ids, for the digests of the relevant passages'
   * texts, and for the passages that share them.
   *
   * @throws InputException as {@link #requireKnown}
   */
  public static JudgedPassages read(Path qrels, Path corpus) {
    requireKnown(qrels, corpus);
    Set<String> relevant = new HashSet<>();
    Qrels.scan(
        qrels,
        (query, passage, grade, lines) -> {
          if (grade >= 1) {
            relevant.add(passage);
          }
        });
    Map<String, String> digests = new HashMap<>();
    forEach(
        corpus,
        passage -> {
          if (relevant.contains(passage.id())) {
            digests.put(passage.id(), digest(passage));
          }
        });
    Map<String, String> shared = new HashMap<>(); // a digest to the one object that stands for it
    digests.values().forEach(digest -> shared.put(digest, digest));
    forEach(
        corpus,
        passage -> {
          String known = shared.get(digest(passage));
          if (known != null) {
            digests.put(passage.id(), known);
          }
        });
    return new JudgedPassages(digests);
  }

  private static void forEach(Path corpus, Consumer<Passage> action) {
    try (RecordReader<Passage> passages = Passages.open(corpus)) {
      for (Passage p = passages.next(); p != null; p = passages.next()) {
        action.accept(p);
      }
    }
  }

  /**
   * Titles do not count, since the same words under another title say the same, unless they are all
   * there is.
   */
  private static String digest(Passage passage) {
    String text = passage.body().strip();
    return text.isEmpty()
        ? new Fingerprint().add("title", passage.title().strip()).hex()
        : new Fingerprint().add("text", text).hex();
  }

  /** Whether a passage has the same text as a relevant one, or is that one. */
  public boolean sameText(String relevant, String passage) {
    String digest = digests.get(relevant);
    return digest != null && digest.equals(digests.get(passage));
  }
}
