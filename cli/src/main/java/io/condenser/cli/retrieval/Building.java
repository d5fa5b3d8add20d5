package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.cli.LongTexts;
import io.condenser.model.Machine;
import io.condenser.model.RetrievalModel;
import io.condenser.retrieval.Bm25Index;
import io.condenser.retrieval.Bm25Settings;
import io.condenser.retrieval.Encoding;
import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.RecordReader;
import java.nio.file.Path;

/** Builds the parts of an index with progress shown. */
final class Building {
  /** Of a text that is encoded, whatever the model was made for. */
  static final int LONGEST = 512;

  private Building() {}

  static void requireBatch(int batchTokens) {
    if (batchTokens < 1) {
      throw new InputException("batch-tokens is %d; expected at least 1".formatted(batchTokens));
    }
  }

  static void embeddings(
      RetrievalModel model, Path corpus, int batchTokens, Path out, Console console) {
    console.say(Machine.describe());
    Encoding.Encoded encoded;
    try (RecordReader<Passage> passages = Passages.open(corpus);
        Console.Progress progress = console.progress("encode", -1, "passages")) {
      encoded = Encoding.passages(model, batchTokens).write(out, passages, progress::at);
    }
    LongTexts.say(console, encoded.reaching(), encoded.texts(), model.config().passageLength());
  }

  static void bm25(Path corpus, Bm25Settings settings, Path out, Console console) {
    try (RecordReader<Passage> passages = Passages.open(corpus);
        Console.Progress progress = console.progress("index", -1, "passages")) {
      Bm25Index.build(out, passages, settings, progress::at);
    }
  }
}
