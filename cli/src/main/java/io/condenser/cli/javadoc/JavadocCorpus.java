package io.condenser.cli.javadoc;

import io.condenser.cli.javadoc.QueryRules.Refusal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Passages and queries made of documented members. The rules, in the order they apply:
 *
 * <ol>
 *   <li>No passage keeps its comment's first sentence, whether it becomes a query or not, nor any
 *       other sentence that repeats it or an overload's ({@link QueryRules#repeats}).
 *   <li>Of passages whose texts are equal only the first stays.
 *   <li>A sentence is a query if {@link QueryRules#refuse} does not object.
 *   <li>Members of one file with the same sentence (overloads, mostly) are all relevant to it; a
 *       sentence that several files share says nothing of either, and is dropped.
 *   <li>A query that still stands word for word in a relevant passage or in an overload of one is
 *       dropped.
 * </ol>
 *
 * <p>Held in memory: equal texts and sentences are looked for over all files.
 */
final class JavadocCorpus {
  /** A member as it is retrieved; {@code text} is never empty. */
  record Entry(String id, Member member, String text) {}

  /** A sentence and the passages it describes, all of one file. */
  record Question(String id, String text, String file, List<String> relevant) {
    Question {
      relevant = List.copyOf(relevant);
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Question> questions = new ArrayList<>();
  private final Map<Refusal, Integer> refused = new EnumMap<>(Refusal.class);
  private final int proseChars;
  private final int codeChars;

  private JavadocCorpus(int proseChars, int codeChars) {
    this.proseChars = proseChars;
    this.codeChars = codeChars;
  }

  /**
   * Applies the rules.
   *
   * @param proseChars most characters of a passage's comment, cut at a sentence or word
   * @param codeChars most characters of its code, cut at a word
   */
  static JavadocCorpus of(List<Member> members, int proseChars, int codeChars) {
    JavadocCorpus corpus = new JavadocCorpus(proseChars, codeChars);
    Map<String, List<Member>> overloads = new LinkedHashMap<>();
    members.forEach(m -> overloads.computeIfAbsent(m.overloads(), k -> new ArrayList<>()).add(m));
    corpus.addPassages(members, overloads);
    corpus.addQuestions(members);
    return corpus;
  }

  List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  List<Question> questions() {
    return List.copyOf(questions);
  }

  /** How many members' sentences were refused, by reason. */
  Map<Refusal, Integer> refused() {
    return refused;
  }

  private void addPassages(List<Member> members, Map<String, List<Member>> overloads) {
    Map<String, List<Set<String>>> told = new HashMap<>();
    overloads.forEach((key, group) ->
        told.put(key, group.stream().map(m -> Words.telling(m.sentence())).distinct().toList()));
    Set<String> seen = new HashSet<>();
    for (Member member : members) {
      List<Set<String>> sentences = told.getOrDefault(member.overloads(), List.of());
      List<String> prose =
          member.prose().stream()
              .filter(s -> sentences.stream().noneMatch(words -> QueryRules.repeats(s, words)))
              .toList();
      String text = (cutProse(prose) + " " + cut(member.code(), codeChars)).strip();
      if (seen.add(QueryRules.normal(text))) {
        String id = id(member);
        entries.put(id, new Entry(id, member, text));
      }
    }
  }

  private static String id(Member member) {
    return member.file().replaceFirst("\\.java$", "") + '#' + member.id();
  }

  private String cutProse(List<String> sentences) {
    StringBuilder prose = new StringBuilder();
    for (String sentence : sentences) {
      if (prose.length() + sentence.length() > proseChars) {
        return prose.isEmpty() ? cut(sentence, proseChars) : prose.toString();
      }
      prose.append(prose.isEmpty() ? "" : " ").append(sentence);
    }
    return prose.toString();
  }

  /** At most so many characters, ending with a whole word where there is one. */
  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int space = text.lastIndexOf(' ', most);
    return text.substring(0, space > 0 ? space : most);
  }

  private void addQuestions(List<Member> members) {
    Map<String, List<Member>> bySentence = new LinkedHashMap<>();
    for (Member member : members) {
      Refusal refusal = QueryRules.refuse(member);
      if (refusal == null && !entries.containsKey(id(member))) {
        refusal = Refusal.PASSAGE_DROPPED;
      }
      if (refusal == null) {
        String key = QueryRules.normal(member.sentence());
        bySentence.computeIfAbsent(key, k -> new ArrayList<>()).add(member);
      } else {
        refused.merge(refusal, 1, Integer::sum);
      }
    }
    Map<String, List<String>> textsByOverloads = new TreeMap<>();
    for (Entry entry : entries.values()) {
      textsByOverloads
          .computeIfAbsent(entry.member().overloads(), k -> new ArrayList<>())
          .add(' ' + QueryRules.normal(entry.text()) + ' ');
    }
    bySentence.forEach((sentence, describing) -> {
      Refusal refusal = refuse(sentence, describing, textsByOverloads);
      if (refusal == null) {
        Member first = describing.getFirst();
        List<String> relevant = describing.stream().map(JavadocCorpus::id).toList();
        questions.add(new Question("q:" + id(first), first.sentence(), first.file(), relevant));
      } else {
        refused.merge(refusal, describing.size(), Integer::sum);
      }
    });
  }

  private static @Nullable Refusal refuse(
      String sentence, List<Member> describing, Map<String, List<String>> texts) {
    if (describing.stream().map(Member::file).distinct().count() > 1) {
      return Refusal.SHARED_BETWEEN_FILES;
    }
    boolean given =
        describing.stream()
            .flatMap(m -> texts.getOrDefault(m.overloads(), List.of()).stream())
            .anyMatch(text -> text.contains(' ' + sentence + ' '));
    return given ? Refusal.STANDS_IN_PASSAGE : null;
  }
}
