package io.condenser.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.text.wordpiece.Normalization;
import io.condenser.text.wordpiece.TokenizerFiles;
import io.condenser.text.wordpiece.WordPieceTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our ids are Hugging Face's. The vocabulary is learnt from the text itself, saved, and read by
 * both.
 *
 * <p>A run of the build looks at a sample; {@code -Dcondenser.tokenizer.full=true} at every text.
 * {@code -Dcondenser.tokenizer.model=FOLDER} adds the tokenizer of a model folder, which must hold
 * a {@code tokenizer.json}.
 */
class HuggingFaceParityTest {
  private static final boolean FULL = Boolean.getBoolean("condenser.tokenizer.full");

  /** Of each corpus every so manyth text; odd, for titles and texts take turns. */
  private static final int SAMPLED = 29;

  private static final List<String> HARD =
      List.of(
          "",
          " \t\r\n ",
          "Café naïve Ångström ÉCOLE İstanbul ẞtraße ΣΊΣΥΦΟΣ ﬁne",
          "Cafe\u0301 a\u0301\u0302\u0303b e\u0327\u0301",
          "con\u0000trol\u0007 zero\u200Bwidth soft\u00ADhyphen\uFEFF bom \uFFFD lost \u0085next",
          "no\u00A0break thin\u2009space ideographic\u3000space line\u2028separator",
          "中文字符English混合 ㍿ 豈 﨑 𠀀𪚥 ひらがな カタカナ ｶﾞ 한국어 조선말",
          "emoji 😀 👩‍👩‍👧‍👦 🏳️‍🌈 flags 🇩🇪 keycap 1️⃣ skin 👍🏽",
          "private \uE000 use \uDBFF\uDFFD and noncharacter \uFFFF",
          "don't state-of-the-art $9.99 50% a_b^c ~`| «quoted» „low“ … — –",
          "x".repeat(100),
          "x".repeat(101),
          "é".repeat(101) + " " + "😀".repeat(100) + " " + "😀".repeat(101),
          "[CLS] text [SEP] [sep] [MASK]ed [UNK] [PAD][PAD] [CLS [X]",
          "العربية עִבְרִית हिन्दी ไทย தமிழ் ქართული ᾿Αθῆναι",
          "√x≠∞ ½ ² ① Ⅳ ℃ Ω K Å ｆｕｌｌｗｉｄｔｈ！",
          "##wordpiece ## #hash a##b");

  private static List<String> vocabulary(List<String> texts, boolean lowerCase) {
    WordPieceTrainer trainer = new WordPieceTrainer(Normalization.bert(lowerCase), 30_000, 1);
    texts.forEach(trainer::add);
    return trainer.vocabulary();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void hardTexts(boolean lowerCase, @TempDir Path folder) throws IOException {
    WordPiece.of(vocabulary(HARD, lowerCase), lowerCase).save(folder);
    assertSameIds(folder, HARD);
  }

  /** The vocabulary knows accents, ideographs together and so on only where the rules keep them. */
  @ParameterizedTest
  @CsvSource({"true,false,true", "true,true,false", "false,true,true", "false,false,false"})
  void everyRule(boolean lowerCase, boolean stripAccents, boolean ideographs, @TempDir Path folder)
      throws IOException {
    Normalization rules = new Normalization(lowerCase, stripAccents, ideographs);
    WordPieceTrainer trainer = new WordPieceTrainer(rules, 30_000, 1);
    HARD.forEach(trainer::add);
    new TokenizerFiles(trainer.vocabulary(), rules).write(folder);
    assertSameIds(folder, HARD);
  }

  @Test
  void randomTexts(@TempDir Path folder) throws IOException {
    long seed = 20261123;
    Random random = new Random(seed);
    Set<Integer> characters = new LinkedHashSet<>();
    HARD.forEach(text -> text.codePoints().forEach(characters::add));
    List<Integer> alphabet = new ArrayList<>(characters);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(60); length > 0; length--) {
        text.appendCodePoint(alphabet.get(random.nextInt(alphabet.size())));
      }
      texts.add(text.toString());
    }
    WordPiece.of(vocabulary(texts.subList(0, 1000), true), true).save(folder);
    assertSameIds(folder, texts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"squad", "medquad", "chinese", "arxiv"})
  void corpus(String name, @TempDir Path folder) throws IOException {
    Path corpus = Shared.corpus(name);
    WordPieceTrainer trainer = new WordPieceTrainer(Normalization.bert(true), 30_522, 2);
    List<String> texts = sample(corpus);
    texts.forEach(trainer::add);
    WordPiece.of(trainer.vocabulary(), true).save(folder);
    assertSameIds(folder, texts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"squad", "medquad", "chinese", "arxiv"})
  void corpusWithTheTokenizerOfAModel(String name) throws IOException {
    String model = System.getProperty("condenser.tokenizer.model");
    Assumptions.assumeTrue(model != null, "skipped: no -Dcondenser.tokenizer.model=FOLDER");
    assertSameIds(Path.of(model), sample(Shared.corpus(name)));
  }

  private static List<String> sample(Path corpus) {
    List<String> texts = new ArrayList<>();
    int[] seen = {0};
    Shared.forEachText(
        corpus,
        text -> {
          if (FULL || seen[0]++ % SAMPLED == 0) {
            texts.add(text);
          }
        });
    return texts;
  }

  private static void assertSameIds(Path folder, List<String> texts) throws IOException {
    WordPiece ours = WordPiece.open(folder);
    try (HuggingFace theirs = new HuggingFace(folder)) {
      for (String text : texts) {
        int[] ids = ours.encode(text);
        assertThat(ids).as(text).isEqualTo(theirs.encode(text));
      }
    }
  }
}
