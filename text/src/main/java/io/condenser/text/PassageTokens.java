package io.condenser.text;

import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The passages that training needs as rows of token ids, memory-mapped, found by passage id: a
 * {@link TokenStore} whose documents are single passages, special tokens included. Only the ids are
 * held in memory.
 */
public final class PassageTokens implements AutoCloseable {
  private final TokenStore store;
  private final Map<String, Integer> rows;

  private PassageTokens(TokenStore store, Map<String, Integer> rows) {
    this.store = store;
    this.rows = rows;
  }

  /**
   * Tokenises the wanted passages of a corpus.
   *
   * @param target the file to write; replaced once the new one is whole
   * @param encode a passage's row, special tokens included
   * @param progress told how many passages of the corpus were read
   * @throws InputException if none of the wanted passages is in the corpus
   */
  public static PassageTokens build(
      Path target,
      Path corpus,
      WordPiece tokenizer,
      Function<Passage, int[]> encode,
      Predicate<String> wanted,
      LongConsumer progress) {
    Map<String, Integer> rows = new HashMap<>();
    Replacement.file(
        target,
        aside -> {
          try (TokenStoreWriter out = new TokenStoreWriter(aside, tokenizer.size());
              RecordReader<Passage> passages = Passages.open(corpus)) {
            long read = 0;
            for (Passage p = passages.next(); p != null; p = passages.next()) {
              if (wanted.test(p.id())) {
                rows.put(p.id(), rows.size());
                out.span(encode.apply(p));
                out.endDocument();
              }
              progress.accept(++read);
            }
            if (rows.isEmpty()) {
              throw InputException.in(
                  corpus,
                  "holds none of the passages that are asked for; do the files belong together?");
            }
            out.finish(Map.of("tokenizer", tokenizer.fingerprint()));
          }
        });
    return new PassageTokens(TokenStore.open(target, tokenizer), rows);
  }

  /** How many there are. */
  public int size() {
    return rows.size();
  }

  /** The row of a passage, or -1 if it is not here. */
  public int row(String id) {
    return rows.getOrDefault(id, -1);
  }

  /** How many have this many tokens or more. */
  public long reaching(int length) {
    return IntStream.range(0, size()).filter(row -> store.length(row) >= length).count();
  }

  /** The ids of a row, special tokens included. */
  public int[] tokens(int row) {
    return store.tokens(row);
  }

  @Override
  public void close() {
    store.close();
  }
}
