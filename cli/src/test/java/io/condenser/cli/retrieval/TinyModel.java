package io.condenser.cli.retrieval;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.Fresh;
import io.condenser.model.ModelFolder;
import io.condenser.model.Parameters;
import io.condenser.model.RetrieverConfig;
import io.condenser.text.WordPiece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model folder of random weights that knows a few words. */
public final class TinyModel {
  public static final List<String> WORDS =
      List.of("cat", "dog", "bird", "fish", "horse", "eats", "runs");

  private TinyModel() {}

  public static Path write(Path folder, long seed) {
    List<String> vocabulary = new ArrayList<>(WORDS);
    vocabulary.addAll(0, List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    BertConfig config = BertConfig.of(vocabulary.size(), 8, 2, 2);
    try (Parameters parameters = new Parameters()) {
      Fresh.add(parameters, BertLayout.backbone(config), 0.5, seed);
      ModelFolder.save(
          folder,
          config,
          parameters,
          null,
          WordPiece.of(vocabulary, true),
          RetrieverConfig.standard(),
          "{}");
    }
    return folder;
  }
}
