package io.condenser.model.foreign;

import io.condenser.model.BertConfig;
import io.condenser.model.ModelFolder;
import io.condenser.model.RerankerConfig;
import io.condenser.storage.InputException;
import io.condenser.storage.StoredTensor;
import io.condenser.text.WordPiece;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A folder in Hugging Face's layout: its weights in {@code model.safetensors}, in the shards that
 * {@code model.safetensors.index.json} lists, or in {@code pytorch_model.bin}; the Condenser head
 * of a published Condenser checkpoint beside it in {@code model.pt}, ours in {@code
 * condenser_head.safetensors}.
 */
final class HuggingFaceFolder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SHARDS = "model.safetensors.index.json";
  private static final String TORCH = "pytorch_model.bin";
  private static final String CONDENSER = "model.pt";

  private final Path folder;
  private final OpenFiles files;
  private final List<String> remarks = new ArrayList<>();

  private HuggingFaceFolder(Path folder, OpenFiles files) {
    this.folder = folder;
    this.files = files;
  }

  /** Reads a folder; its files stay mapped as long as {@code files} is open. */
  static Pretrained read(Path folder, OpenFiles files) {
    refuseLosses(folder);
    SentenceTransformers modules = SentenceTransformers.read(folder);
    return new HuggingFaceFolder(modules.encoder(), files).read(modules);
  }

  /** Folders of ours whose conversion would lose a part. */
  private static void refuseLosses(Path folder) {
    if (Files.exists(folder.resolve(ModelFolder.QUERY))) {
      throw InputException.in(
          folder, "has an encoder for queries alone, which would be lost; use the folder as it is");
    }
    if (Files.exists(folder.resolve(RerankerConfig.FILE))) {
      throw InputException.in(
          folder, "is a cross-encoder of ours, whose settings would be lost; use it as it is");
    }
  }

  private Pretrained read(SentenceTransformers modules) {
    BertConfig config = BertConfig.read(folder);
    BertWeights weights = weights();
    return Checkpoints.assemble(
        weights,
        condenserHead(config, weights.hasMlmHead()),
        config,
        tokenizer(),
        modules.retriever(),
        remarks,
        files);
  }

  private BertWeights weights() {
    Path whole = folder.resolve(ModelFolder.WEIGHTS);
    if (Files.exists(whole)) {
      return new BertWeights(whole.toString(), files.safetensors(whole).tensors());
    }
    Path shards = folder.resolve(SHARDS);
    if (Files.exists(shards)) {
      return new BertWeights(shards.toString(), shards(shards));
    }
    Path torch = folder.resolve(TORCH);
    if (Files.exists(torch)) {
      return new BertWeights(torch.toString(), TorchArchive.read(torch, files));
    }
    Path condenser = folder.resolve(CONDENSER);
    if (Files.exists(condenser)) {
      return new BertWeights(condenser.toString(), languageModel(condenser));
    }
    throw InputException.in(
        folder,
        "has no weights: neither %s nor %s nor %s nor %s"
            .formatted(ModelFolder.WEIGHTS, SHARDS, TORCH, CONDENSER));
  }

  /** The tensors under {@code lm.} of a {@code model.pt}, which then holds the whole model. */
  private Map<String, StoredTensor> languageModel(Path file) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    TorchArchive.read(file, files)
        .forEach((name, tensor) -> {
          if (name.startsWith("lm.")) {
            tensors.put(name.substring("lm.".length()), tensor);
          }
        });
    return tensors;
  }

  private Map<String, StoredTensor> shards(Path index) {
    JsonNode map;
    try {
      map = JSON.readTree(index).path("weight_map");
    } catch (JacksonException e) {
      throw InputException.in(index, "not JSON: " + e.getOriginalMessage(), e);
    }
    TreeSet<String> names = new TreeSet<>();
    map.forEach(file -> names.add(file.asString("")));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (String name : names) {
      if (!name.matches("[\\w.-]+")) { // never a path out of the folder
        throw InputException.in(index, "names a shard '" + name + "'; expected a file's name");
      }
      tensors.putAll(files.safetensors(folder.resolve(name)).tensors());
    }
    return tensors;
  }

  /**
   * The Condenser head, empty if there is none.
   *
   * @param pretraining whether there is an MLM head, and so a Condenser head may be expected
   */
  private Map<String, StoredTensor> condenserHead(BertConfig config, boolean pretraining) {
    Path ours = folder.resolve(ModelFolder.HEAD);
    if (Files.exists(ours)) {
      return BertWeights.headUnderOurNames(
          ours.toString(), files.safetensors(ours).tensors(), config, files.arena());
    }
    Path theirs = folder.resolve(CONDENSER);
    if (!Files.exists(theirs)) {
      if (pretraining) {
        remarks.add(
            "there is no Condenser head (%s): only encoder and MLM head are converted"
                .formatted(CONDENSER));
      }
      return Map.of();
    }
    Map<String, StoredTensor> head =
        new BertWeights(theirs.toString(), TorchArchive.read(theirs, files))
            .condenserHead(config, files.arena());
    if (head.isEmpty()) {
      remarks.add(theirs + " has no Condenser head (c_head.*): only the encoder is converted");
    }
    return head;
  }

  private @Nullable WordPiece tokenizer() {
    boolean there =
        Files.exists(folder.resolve("vocab.txt")) || Files.exists(folder.resolve("tokenizer.json"));
    return there ? WordPiece.open(folder) : null;
  }
}
