package io.condenser.model.foreign;

import io.condenser.model.BertConfig;
import io.condenser.model.RetrieverConfig;
import io.condenser.storage.StoredTensor;
import io.condenser.text.WordPiece;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the parts of a foreign checkpoint together and checks that they belong together. */
final class Checkpoints {
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
      config.requireVocabulary(weights.where(), tokenizer.size());
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
