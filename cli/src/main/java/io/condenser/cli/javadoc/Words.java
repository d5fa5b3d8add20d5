package io.condenser.cli.javadoc;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares English with identifiers: both as lower-case words, camelCase taken apart. */
final class Words {
  /** Acronyms, alone or several; humps of an identifier; numbers; words of another script. */
  private static final Pattern WORD =
      Pattern.compile(
          "\\p{Lu}{2,}s(?!\\p{Ll})|\\p{Lu}+(?!\\p{Ll})|\\p{Lu}?\\p{Ll}+|\\p{N}+|\\p{Lo}+");

  private static final List<String> ENDINGS = List.of("ing", "ed", "es", "s", "e");

  /** Words that say nothing of what a member does: grammar, and Javadoc's standing phrases. */
  private static final Set<String> EMPTY =
      Set.copyOf(
          of(
              "a an the this that these those it its of to for from in into on at by with as is are"
                  + " be been was if or and not no any all one which whose given specified supplied"
                  + " provided get set return construct constructor create new instance object"
                  + " value method class default field property will can whether true false make"
                  + " build"));

  private Words() {}

  /** An identifier as it is read aloud: {@code FileUtils.toURL} is "file utils to url". */
  static String spoken(String identifier) {
    return WORD.matcher(identifier)
        .results()
        .map(word -> word.group().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" "));
  }

  /** All words in order, lower-case, without common endings: "returns", "returned" are "return". */
  static List<String> of(String text) {
    return WORD.matcher(text)
        .results()
        .map(word -> stem(word.group().toLowerCase(Locale.ROOT)))
        .toList();
  }

  /** The different words that say something. */
  static Set<String> telling(String text) {
    Set<String> words = new LinkedHashSet<>(of(text));
    words.removeAll(EMPTY);
    return words;
  }

  /** Cuts an ending off; crude, but the same for all. */
  private static String stem(String word) {
    for (String ending : ENDINGS) {
      int shortest = ending.equals("s") ? 3 : 4; // "gets" is "get", but "string" is no "str"
      if (word.endsWith(ending) && word.length() >= ending.length() + shortest) {
        return word.substring(0, word.length() - ending.length());
      }
    }
    return word;
  }
}
