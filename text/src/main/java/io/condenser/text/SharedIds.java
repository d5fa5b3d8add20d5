package io.condenser.text;

import io.condenser.storage.Replacement;
import io.condenser.storage.Unzipped;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Repairs a corpus in which several passages share an id: they become one passage, their texts in
 * order, other titles than the first before their texts. Nothing is lost, and whatever a judgment
 * says of the id stays true; dropping all but one, or giving the others new ids, would make
 * judgments point to the wrong text.
 *
 * <p>The corpus is read three times; only the passages that share an id are held.
 */
public final class SharedIds {
  private SharedIds() {}

  /**
   * What was done.
   *
   * @param read passages of the corpus
   * @param written passages that are left
   * @param shared ids that several passages had
   */
  public record Joined(long read, long written, long shared) {}

  /**
   * Writes a corpus of any format as JSON lines in which every id is unique, in the order in which
   * ids first occur.
   */
  public static Joined join(Path corpus, Path out) {
    Unzipped.requireRereadable(corpus);
    IdSet repeated = repeated(corpus);
    Map<String, List<Passage>> groups = groups(corpus, repeated);
    long[] counts = new long[2];
    Replacement.file(
        out,
        aside -> {
          try (RecordReader<Passage> passages = Passages.openAmbiguous(corpus);
              JsonWriter writer = JsonWriter.lines(aside)) {
            for (Passage p = passages.next(); p != null; p = passages.next()) {
              counts[0]++;
              Passage left = repeated.contains(p.id()) ? joined(groups.remove(p.id())) : p;
              if (left != null) {
                counts[1]++;
                writer.write(Passages.json(left));
              }
            }
          }
        });
    return new Joined(counts[0], counts[1], repeated.size());
  }

  private static IdSet repeated(Path corpus) {
    IdSet seen = new IdSet();
    IdSet repeated = new IdSet();
    try (RecordReader<Passage> passages = Passages.openAmbiguous(corpus)) {
      for (Passage p = passages.next(); p != null; p = passages.next()) {
        if (!seen.add(p.id())) {
          repeated.add(p.id());
        }
      }
    }
    return repeated;
  }

  private static Map<String, List<Passage>> groups(Path corpus, IdSet repeated) {
    Map<String, List<Passage>> groups = new HashMap<>();
    try (RecordReader<Passage> passages = Passages.openAmbiguous(corpus)) {
      for (Passage p = passages.next(); p != null; p = passages.next()) {
        if (repeated.contains(p.id())) {
          groups.computeIfAbsent(p.id(), id -> new ArrayList<>()).add(p);
        }
      }
    }
    return groups;
  }

  /**
   * The first passage's id, title and document with what all say: as one text, or as spans if any
   * of them has spans. Null of none.
   */
  private static @Nullable Passage joined(@Nullable List<Passage> group) {
    if (group == null) {
      return null; // written already, where the id first occurred
    }
    Passage first = group.getFirst();
    List<String> parts = new ArrayList<>();
    Set<String> titles = new HashSet<>(List.of(first.title()));
    for (Passage p : group) {
      if (titles.add(p.title())) {
        parts.add(p.title());
      }
      parts.add(p.text());
      parts.addAll(p.spans());
    }
    parts.removeIf(String::isBlank);
    boolean spans = group.stream().anyMatch(p -> !p.spans().isEmpty());
    return new Passage(
        first.id(),
        first.title(),
        spans ? "" : String.join("\n", parts),
        first.doc(),
        spans ? parts : List.of());
  }
}
