package io.condenser.cli;

import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.Fresh;
import io.condenser.model.ModelFolder;
import io.condenser.model.Parameters;
import io.condenser.model.RetrieverConfig;
import io.condenser.storage.InputException;
import io.condenser.text.WordPiece;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code fresh}: an encoder that knows nothing yet, in BERT's shape with four times its hidden size
 * in the feed-forward parts, and 512 positions.
 */
public record FreshStage(
    @Setting("Folder of the vocabulary: what vocab wrote, or a model folder") Path vocab,
    @Setting("Model folder to write") Path out,
    @Setting(value = "Transformer layers, 1 to 96", byDefault = "12") int layers,
    @Setting(value = "Hidden size, a multiple of heads, 1 to 16384", byDefault = "768") int hidden,
    @Setting(value = "Attention heads of each layer", byDefault = "12") int heads,
    @Setting(value = "Seed of the weights", byDefault = "42") long seed)
    implements Stage {

  /** The command, and a recipe's step. */
  public static final StageType TYPE =
      StageType.of(
          "fresh",
          FreshStage.class,
          "Makes an encoder of random weights for a vocabulary.",
          "fresh --vocab tokenizer --layers 6 --hidden 384 --heads 12 --out random");

  private static final int MOST_LAYERS = 96;
  private static final int WIDEST = 16_384;

  public FreshStage {
    check("layers", layers, MOST_LAYERS);
    check("hidden", hidden, WIDEST);
    check("heads", heads, hidden);
    if (hidden % heads != 0) {
      throw new InputException(
          "hidden is %d, which is no multiple of heads, %d".formatted(hidden, heads));
    }
  }

  private static void check(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new InputException("%s is %d; expected 1 to %d".formatted(name, value, most));
    }
  }

  @Override
  public List<Path> inputs() {
    return WordPiece.files(vocab);
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public List<String> foldersMarks() {
    return ModelFolder.OURS;
  }

  @Override
  public Work work(Sizes sizes) {
    Size encoder = Size.encoder(layers, hidden);
    return Costs.converting(encoder).making(out, encoder);
  }

  @Override
  public void run(Console console) {
    WordPiece tokenizer = WordPiece.open(vocab);
    BertConfig config = BertConfig.of(tokenizer.size(), hidden, layers, heads);
    ObjectNode provenance = JsonMapper.shared().createObjectNode().put("stage", TYPE.name());
    TYPE.written(this).forEach(provenance.putObject("settings")::put);
    try (Parameters parameters = new Parameters()) {
      Fresh.add(parameters, BertLayout.backbone(config), config.initializerRange(), seed);
      ModelFolder.save(
          out,
          config,
          parameters,
          null,
          tokenizer,
          RetrieverConfig.standard(),
          provenance.toPrettyString() + "\n");
    }
    console.say(
        String.format(
            Locale.ROOT,
            "%s: %d fresh layers of %d, %d heads, %,d pieces",
            out,
            layers,
            hidden,
            heads,
            tokenizer.size()));
  }
}
