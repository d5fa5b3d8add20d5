package io.condenser.cli.javadoc;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.javadoc.QueryRules.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is asked, what is found, and that the one does not stand in the other. */
class JavadocCorpusTest {
  @Test
  void aQueryStandsInNoPassageThatAnswersItNorInItsOverloads() {
    JavadocCorpus corpus =
        corpus(
            member("A", "A.cut(int)", "Shortens the text at a blank.", "void cut(int a) {}"),
            member(
                "A",
                "A.cut(long)",
                "Shortens the text at any byte.",
                "void cut(long a) {}",
                "It shortens the text at a blank.",
                "Returns the text shortened at a blank.",
                "Never throws."));
    assertThat(corpus.entries())
        .extracting(JavadocCorpus.Entry::text)
        .containsExactly("void cut(int a) {}", "Never throws. void cut(long a) {}");
    assertThat(corpus.questions()).hasSize(2);
  }

  @Test
  void aSentenceRepeatedInTheCodeIsNoQuery() {
    JavadocCorpus corpus =
        corpus(
            member(
                "A",
                "A.cut",
                "Shortens the text at a blank.",
                "f(); // Shortens the text at a blank"));
    assertThat(corpus.questions()).isEmpty();
    assertThat(corpus.refused()).isEqualTo(Map.of(Refusal.STANDS_IN_PASSAGE, 1));
  }

  @Test
  void noPassageKeepsAFirstSentenceEvenIfItIsNoQuery() {
    JavadocCorpus corpus = corpus(member("A", "A.getName", "Gets the name.", "String getName();"));
    assertThat(corpus.entries().getFirst().text()).isEqualTo("String getName();");
    assertThat(corpus.questions()).isEmpty();
  }

  @Test
  void membersOfAFileWithTheSameSentenceAreAllRelevant() {
    JavadocCorpus corpus =
        corpus(
            member("A", "A.cut(int)", "Shortens the text at a blank.", "void cut(int a) {}"),
            member("A", "A.cut(long)", "shortens the text at a blank", "void cut(long a) {}"));
    assertThat(corpus.questions())
        .singleElement()
        .extracting(JavadocCorpus.Question::relevant)
        .isEqualTo(List.of("lib/A#A.cut(int)", "lib/A#A.cut(long)"));
  }

  @Test
  void aSentenceOfSeveralFilesIsDropped() {
    JavadocCorpus corpus =
        corpus(
            member("A", "A.a", "Shortens the text at a blank.", "void a() {}"),
            member("B", "B.b", "Shortens the text at a blank.", "void b() {}"));
    assertThat(corpus.questions()).isEmpty();
    assertThat(corpus.refused()).isEqualTo(Map.of(Refusal.SHARED_BETWEEN_FILES, 2));
    assertThat(corpus.entries()).hasSize(2);
  }

  @Test
  void ofEqualTextsTheFirstStaysAndTheOthersAreNotAskedFor() {
    JavadocCorpus corpus =
        corpus(
            member("A", "A.size", "Counts what is in the box.", "int size() { return n; }"),
            member("B", "B.size", "Counts what is in the bag.", "int size() { return n; }"));
    assertThat(corpus.entries())
        .extracting(JavadocCorpus.Entry::id)
        .containsExactly("lib/A#A.size");
    assertThat(corpus.questions())
        .extracting(JavadocCorpus.Question::text)
        .containsExactly("Counts what is in the box.");
    assertThat(corpus.refused()).isEqualTo(Map.of(Refusal.PASSAGE_DROPPED, 1));
  }

  @Test
  void proseIsCutAfterASentenceAndCodeAfterAWord() {
    Member member =
        member("A", "A.a", "Does something.", "int aaaa = bbbb + cccc;", "One two.", "Three four.");
    assertThat(JavadocCorpus.of(List.of(member), 12, 16).entries())
        .extracting(JavadocCorpus.Entry::text)
        .containsExactly("One two. int aaaa = bbbb");
  }

  private static JavadocCorpus corpus(Member... members) {
    return JavadocCorpus.of(List.of(members), 240, 240);
  }

  private static Member member(
      String file, String id, String sentence, String code, String... prose) {
    String title = id.replaceFirst("\\(.*", "");
    return new Member("lib/" + file + ".java", id, title, sentence, Arrays.asList(prose), code);
  }
}
