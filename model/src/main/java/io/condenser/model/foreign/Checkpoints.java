package io.condenser.model.foreign;

import io.condenser.model.BertConfig;
import io.condenser.model.RetrieverConfig;
import io.condenser.storage.InputException;
import io.condenser.storage.StoredTensor;
import io.condenser.text.WordPiece;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the parts of a foreign checkpoint together and checks that they belong together. */
final class Checkpoints {
  /** Embeddings are often padded to a multiple of a power of two, at most this much. */
  private static final int PADDED_PIECES = 512;

  private Checkpoints() {}

  static Pretrained assemble(
      BertWeights weights,
      Map<String, StoredTensor> condenserHead,
      BertConfig config,
      @Nullable WordPiece tokenizer,
      RetrieverConfig retriever,
      List<String> remarks,
      OpenFiles files) {
    Map<String, StoredTensor> encoder = weights.encoder(config, files.arena(), remarks);
    if (tokenizer == null) {
      remarks.add("there is no vocabulary: the folder cannot tokenize until it has a vocab.txt");
    } else {
      checkVocabulary(weights.where(), tokenizer.size(), config.vocabSize());
    }
    return new Pretrained(
        config,
        encoder,
        condenserHead,
        tokenizer,
        within(retriever, config.maxPositionEmbeddings()),
        List.copyOf(remarks),
        files);
  }

  private static void checkVocabulary(String where, int pieces, int embeddings) {
    if (pieces > embeddings || pieces < embeddings - PADDED_PIECES) {
      throw new InputException(
          "%s: its vocabulary has %d pieces, its model %d word embeddings: the vocabulary of another model?"
              .formatted(where, pieces, embeddings));
    }
  }

  /** Lengths that the position embeddings allow. */
  private static RetrieverConfig within(RetrieverConfig r, int longest) {
    return new RetrieverConfig(
        r.pooling(),
        r.normalize(),
        Math.min(r.queryLength(), longest),
        Math.min(r.passageLength(), longest),
        r.useTitle(),
        r.queryPrefix(),
        r.passagePrefix());
  }
}
