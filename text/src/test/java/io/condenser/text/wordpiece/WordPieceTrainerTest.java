package io.condenser.text.wordpiece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.storage.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WordPieceTrainerTest {
  private static List<String> train(int size, long minFrequency, List<String> texts) {
    WordPieceTrainer trainer = new WordPieceTrainer(Normalization.bert(true), size, minFrequency);
    texts.forEach(trainer::add);
    return trainer.vocabulary();
  }

  private static List<String> hugs() {
    List<String> texts = new ArrayList<>();
    Map.of("hug", 10, "pug", 5, "pun", 12, "bun", 4, "hugs", 5)
        .forEach((word, count) -> texts.addAll(Collections.nCopies(count, word)));
    return texts;
  }

  /** The example of byte-pair encoding that Hugging Face's course counts through by hand. */
  @Test
  void theMostFrequentPairIsJoinedFirst() {
    assertThat(train(100, 1, hugs()))
        .containsExactly(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", //
            "b", "g", "h", "n", "p", "s", "u", "##g", "##n", "##s", "##u", //
            "##ug", "##un", "hug", "pun", "pug", "hugs", "bun");
  }

  @Test
  void rarePairsAreNotJoined() {
    assertThat(train(100, 5, hugs())).contains("hugs", "pug").doesNotContain("bun");
  }

  @Test
  void theOrderOfTheTextsDoesNotMatter() {
    List<String> texts = randomTexts(7, 3000);
    List<String> expected = train(400, 2, texts);
    Collections.shuffle(texts, new Random(1));
    assertThat(train(400, 2, texts)).isEqualTo(expected);
    assertThat(expected).hasSize(400).doesNotHaveDuplicates();
  }

  /** Counting every pair anew before every join, as the definition says, finds the same pieces. */
  @Test
  void keepingCountsFindsWhatCountingAnewFinds() {
    for (long seed = 0; seed < 5; seed++) {
      List<String> texts = randomTexts(seed, 300);
      assertThat(train(250, 2, texts)).as("seed %d", seed).isEqualTo(byDefinition(250, 2, texts));
    }
  }

  private static List<String> randomTexts(long seed, int count) {
    Random random = new Random(seed);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder word = new StringBuilder();
      int length = 1 + random.nextInt(9);
      for (int c = 0; c < length; c++) {
        word.append((char) ('a' + random.nextInt(1 + random.nextInt(6)))); // 'a' most often
      }
      texts.add(word.toString());
    }
    return texts;
  }

  private static List<String> byDefinition(int size, long minFrequency, List<String> texts) {
    List<String> vocabulary = new ArrayList<>(TokenizerFiles.SPECIAL_TOKENS);
    List<List<String>> words = new ArrayList<>();
    for (String text : texts) {
      List<String> pieces = new ArrayList<>();
      for (int i = 0; i < text.length(); i++) {
        pieces.add((i == 0 ? "" : "##") + text.charAt(i));
      }
      words.add(pieces);
    }
    for (String mark : List.of("", "##")) {
      for (char c = 'a'; c <= 'z'; c++) {
        String piece = mark + c;
        boolean occurs =
            mark.isEmpty()
                ? texts.stream().anyMatch(text -> text.contains(piece))
                : words.stream().anyMatch(word -> word.contains(piece));
        if (occurs) {
          vocabulary.add(piece);
        }
      }
    }
    while (vocabulary.size() < size) {
      Neighbours best = mostFrequent(words, vocabulary, minFrequency);
      if (best == null) {
        break;
      }
      if (!vocabulary.contains(best.joined())) {
        vocabulary.add(best.joined());
      }
      for (List<String> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          if (best.equals(new Neighbours(word.get(i), word.get(i + 1)))) {
            word.set(i, best.joined());
            word.remove(i + 1);
          }
        }
      }
    }
    return vocabulary;
  }

  private record Neighbours(String left, String right) {
    String joined() {
      return left + right.substring(2);
    }
  }

  private static @Nullable Neighbours mostFrequent(
      List<List<String>> words, List<String> vocabulary, long minFrequency) {
    Map<Neighbours, Long> counts = new HashMap<>();
    for (List<String> word : words) {
      for (int i = 0; i + 1 < word.size(); i++) {
        counts.merge(new Neighbours(word.get(i), word.get(i + 1)), 1L, Long::sum);
      }
    }
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() >= minFrequency)
        .min(
            Map.Entry.<Neighbours, Long>comparingByValue()
                .reversed()
                .thenComparingInt(entry -> vocabulary.indexOf(entry.getKey().left()))
                .thenComparingInt(entry -> vocabulary.indexOf(entry.getKey().right())))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  @Test
  void rareCharactersAreLeftOutWithTheirWords() {
    List<String> texts = new ArrayList<>(Collections.nCopies(9, "abc"));
    texts.add("xyz");
    assertThat(train(100, 2, texts)).contains("abc").doesNotContain("x", "##y");
  }

  @Test
  void ideographsStandAloneAndAreNeverJoined() {
    assertThat(train(100, 1, List.of("中国中国 ab 中国 ab")))
        .contains("中", "国", "ab")
        .doesNotContain("中国", "##国");
  }

  @Test
  void noTextIsRefused() {
    assertThatThrownBy(() -> train(100, 1, List.of(" ")))
        .isInstanceOf(InputException.class)
        .hasMessage("no word to learn a vocabulary from");
  }
}
