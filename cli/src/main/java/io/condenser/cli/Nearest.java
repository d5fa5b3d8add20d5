package io.condenser.cli;

import java.util.Collection;
import java.util.Comparator;

/** Guesses what a misspelt name meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The end of an error about an unknown name: {@code ; did you mean 'x'?} where a known name is
   * near, else the list of those there are.
   */
  public static String hint(String name, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> edits(name, candidate)))
        .filter(candidate -> edits(name, candidate) <= Math.max(2, name.length() / 3))
        .map(candidate -> "; did you mean '" + candidate + "'?")
        .orElseGet(() -> "; there are: " + String.join(", ", known));
  }

  /** Levenshtein's distance: the fewest insertions, deletions and replacements. */
  static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
