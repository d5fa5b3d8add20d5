package io.condenser.cli;

import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.RecordReader;
import io.condenser.text.WordPiece;
import io.condenser.text.wordpiece.Normalization;
import io.condenser.text.wordpiece.WordPieceTrainer;
import java.nio.file.Path;
import java.util.List;

/** {@code vocab}: learns a WordPiece vocabulary from a corpus. */
public record VocabStage(
    @Setting("Corpus: JSON lines as in BEIR, JSON lines with spans, or MS MARCO TSV") Path corpus,
    @Setting("Folder that gets vocab.txt, tokenizer_config.json and tokenizer.json") Path out,
    @Setting(value = "Pieces at most, 100 to 1000000", byDefault = "30522") int size,
    @Setting(
            value = "Characters and pairs that occur less often are left out; at least 1",
            byDefault = "2")
        int minFrequency,
    @Setting(value = "Lower-case all text and strip its accents", byDefault = "true")
        boolean lowerCase)
    implements Stage {
  private static final int MOST = 1_000_000;

  public static final StageType TYPE =
      StageType.of(
          "vocab",
          VocabStage.class,
          "Learns a WordPiece vocabulary from a corpus.",
          "vocab --corpus corpus.jsonl --out tokenizer --size 30522");

  public VocabStage {
    if (size < WordPieceTrainer.LEAST_SIZE || size > MOST) {
      throw new InputException(
          "size is %d; expected %d to %d".formatted(size, WordPieceTrainer.LEAST_SIZE, MOST));
    }
    if (minFrequency < 1) {
      throw new InputException("min-frequency is %d; expected at least 1".formatted(minFrequency));
    }
  }

  @Override
  public List<Path> inputs() {
    return List.of(corpus);
  }

  @Override
  public List<Path> outputs() {
    return WordPiece.files(out);
  }

  @Override
  public void run(Console console) {
    WordPieceTrainer trainer =
        new WordPieceTrainer(Normalization.bert(lowerCase), size, minFrequency);
    long done = 0;
    try (RecordReader<Passage> passages = Passages.open(corpus);
        Console.Progress progress = console.progress("count words", -1, "passages")) {
      for (Passage passage = passages.next(); passage != null; passage = passages.next()) {
        trainer.add(passage.title());
        trainer.add(passage.text());
        passage.spans().forEach(trainer::add);
        progress.at(++done);
      }
    }
    WordPiece tokenizer = WordPiece.of(trainer.vocabulary(), lowerCase);
    tokenizer.save(out);
    console.say(
        "%s: %d pieces from %d different words of %d passages"
            .formatted(out, tokenizer.size(), trainer.distinctWords(), done));
  }
}
