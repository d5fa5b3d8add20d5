package io.condenser.cli.javadoc;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which first sentences are fair queries, and what in a passage would give them away. */
final class QueryRules {
  /** Fewer words ask for nothing in particular. */
  static final int FEWEST_WORDS = 4;

  /** More words are not what anybody types. */
  static final int MOST_WORDS = 40;

  /** A sentence that says this share of a query's telling words repeats it. */
  static final double REPEATED = 0.75;

  /** A full stop of these ends no sentence, so what stands before it is half of one. */
  private static final Pattern TORN =
      Pattern.compile("(?i).*\\b(e\\.g|i\\.e|etc|vs|cf|incl|approx)\\.?");

  /** Only to be understood with another comment beside it. */
  private static final Pattern POINTER =
      Pattern.compile(
          "(?i)(see|use|deprecated|same as|as per|like|equivalent to|todo)\\b.*|.*\\boverload.*");

  private QueryRules() {}

  /** Why a sentence is no query. */
  enum Refusal {
    NONE_WRITTEN,
    TORN,
    POINTS_ELSEWHERE,
    TOO_SHORT,
    TOO_LONG,
    REPEATS_IDENTIFIER,
    SHARED_BETWEEN_FILES,
    STANDS_IN_PASSAGE,
    PASSAGE_DROPPED
  }

  /** The first reason to refuse a member's own sentence, or null if it may be a query. */
  static @org.jspecify.annotations.Nullable Refusal refuse(Member member) {
    String sentence = member.sentence();
    if (sentence.isEmpty()) {
      return Refusal.NONE_WRITTEN;
    }
    if (TORN.matcher(sentence).matches() || sentence.endsWith(":") || sentence.contains("{@")) {
      return Refusal.TORN;
    }
    if (POINTER.matcher(sentence).matches()) {
      return Refusal.POINTS_ELSEWHERE;
    }
    int words = Words.of(sentence).size();
    if (words < FEWEST_WORDS) {
      return Refusal.TOO_SHORT;
    }
    if (words > MOST_WORDS) {
      return Refusal.TOO_LONG;
    }
    return repeatsIdentifier(sentence, member.title()) ? Refusal.REPEATS_IDENTIFIER : null;
  }

  /**
   * Whether every telling word of a sentence is a word of the identifier: {@code getMaxWidth},
   * "Gets the maximum width" is not, "Gets the max width" is.
   */
  static boolean repeatsIdentifier(String sentence, String title) {
    return new HashSet<>(Words.of(title)).containsAll(Words.telling(sentence));
  }

  /** Whether a sentence of a passage, "@return the …" say, tells the query over again. */
  static boolean repeats(String sentence, Set<String> queryWords) {
    if (queryWords.isEmpty()) {
      return false;
    }
    Set<String> said = Words.telling(sentence);
    long shared = queryWords.stream().filter(said::contains).count();
    return shared >= REPEATED * queryWords.size();
  }

  /** Letters and digits only, lower-case: what makes two texts the same. */
  static String normal(String text) {
    return String.join(" ", List.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")))
        .strip();
  }
}
