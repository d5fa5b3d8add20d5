package io.condenser.model;

import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A model folder in Hugging Face's layout, checked against its own {@code config.json}.
 *
 * <p>Files: {@code config.json}; {@code model.safetensors} with {@code bert.*} and, where there is
 * an MLM head, {@code cls.predictions.*}; {@code condenser_head.safetensors} where there is a
 * Condenser head; {@code vocab.txt} and {@code tokenizer_config.json}; {@code retriever.json}. A
 * bi-encoder whose queries have an encoder of their own keeps it in the folder {@code query/}. A
 * cross-encoder has {@code bert.pooler.*} and {@code classifier.*} among its weights, and {@code
 * reranker.json}.
 */
public final class ModelFolder {
  public static final String WEIGHTS = "model.safetensors";
  public static final String HEAD = "condenser_head.safetensors";

  /** Files of which one is in every folder that we wrote, and in no other model's. */
  public static final List<String> OURS = List.of(RetrieverConfig.FILE, RerankerConfig.FILE);

  /** The settings and the data that made a trained model. */
  static final String PROVENANCE = "provenance.json";

  /** Where an untied bi-encoder keeps its query encoder. */
  public static final String QUERY = "query";

  private final Path folder;
  private final BertConfig config;

  private ModelFolder(Path folder, BertConfig config) {
    this.folder = folder;
    this.config = config;
  }

  /**
   * Reads a folder's {@code config.json}.
   *
   * @throws InputException if it is not a model folder of ours or Hugging Face's
   */
  public static ModelFolder open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw InputException.in(folder, "no such model folder");
    }
    return new ModelFolder(folder, BertConfig.read(folder));
  }

  /** The encoder's shape. */
  public BertConfig config() {
    return config;
  }

  /** Where it lies. */
  public Path path() {
    return folder;
  }

  /** Depth of the Condenser head that lies here; 0 if there is none. */
  public int headLayers() {
    if (!Files.exists(folder.resolve(HEAD))) {
      return 0;
    }
    try (Safetensors head = Safetensors.open(folder.resolve(HEAD))) {
      int depth = 0;
      while (head.tensors().containsKey(CondenserHead.PREFIX + depth + ".output.dense.weight")) {
        depth++;
      }
      return depth;
    }
  }

  /** Whether an MLM head lies here. */
  public boolean hasMlmHead() {
    try (Safetensors weights = Safetensors.open(folder.resolve(WEIGHTS))) {
      return weights.tensors().containsKey(MlmHead.PREFIX + "bias");
    }
  }

  /** Whether the pooler and classifier of a cross-encoder lie here. */
  public boolean hasClassifier() {
    try (Safetensors weights = Safetensors.open(folder.resolve(WEIGHTS))) {
      return weights.tensors().containsKey(BertLayout.CLASSIFIER + ".weight");
    }
  }

  /** Whether queries have an encoder of their own. */
  public boolean untied() {
    return Files.isDirectory(folder.resolve(QUERY));
  }

  /** The folder of the query encoder: this one where it is tied. */
  public ModelFolder queryEncoder() {
    return untied() ? open(folder.resolve(QUERY)) : this;
  }

  /** Adds the backbone's weights to {@code parameters}. */
  public void loadBackbone(Parameters parameters, ScalarType type) {
    load(folder.resolve(WEIGHTS), BertLayout.backbone(config), parameters, type);
  }

  /** Adds the MLM head's weights to {@code parameters}. */
  public void loadMlmHead(Parameters parameters, ScalarType type) {
    load(folder.resolve(WEIGHTS), BertLayout.mlmHead(config), parameters, type);
  }

  /** Adds pooler and classifier of a cross-encoder to {@code parameters}. */
  public void loadClassifier(Parameters parameters, ScalarType type) {
    load(folder.resolve(WEIGHTS), BertLayout.classifier(config), parameters, type);
  }

  /** Adds the Condenser head's weights to {@code parameters}. */
  public void loadCondenserHead(Parameters parameters, int depth, ScalarType type) {
    load(folder.resolve(HEAD), BertLayout.condenserHead(config, depth), parameters, type);
  }

  private static void load(
      Path file, Map<String, List<Long>> layout, Parameters parameters, ScalarType type) {
    try (Safetensors stored = Safetensors.open(file)) {
      List<String> missing = new ArrayList<>();
      for (Map.Entry<String, List<Long>> entry : layout.entrySet()) {
        StoredTensor tensor = find(stored, entry.getKey());
        if (tensor == null) {
          missing.add(entry.getKey());
        } else if (!tensor.shape().equals(entry.getValue())) {
          throw InputException.in(
              file,
              "tensor %s has shape %s; config.json expects %s"
                  .formatted(tensor.name(), tensor.shape(), entry.getValue()));
        } else {
          parameters.add(
              new StoredTensor(entry.getKey(), tensor.dtype(), tensor.shape(), tensor.data()),
              type);
        }
      }
      if (!missing.isEmpty()) {
        throw InputException.in(
            file,
            "lacks %d of the %d tensors that config.json asks for, %s first; 'convert' makes a model folder of others' checkpoints"
                .formatted(missing.size(), layout.size(), missing.getFirst()));
      }
    }
  }

  /** A tensor by our name, or by the name that a headless checkpoint gives it. */
  private static @Nullable StoredTensor find(Safetensors stored, String name) {
    StoredTensor tensor = stored.tensors().get(name);
    return tensor == null && name.startsWith(Backbone.PREFIX)
        ? stored.tensors().get(name.substring(Backbone.PREFIX.length()))
        : tensor;
  }

  /** The tokenizer, checked against the number of word embeddings. */
  public WordPiece tokenizer() {
    WordPiece tokenizer = WordPiece.open(folder);
    config.requireVocabulary(folder.toString(), tokenizer.size());
    return tokenizer;
  }

  /** How texts become vectors. */
  public RetrieverConfig retriever() {
    return RetrieverConfig.read(folder);
  }

  /**
   * Writes a whole model folder in the place of {@code target}.
   *
   * @param parameters what is written: backbone, MLM head and Condenser head as far as they are
   *     there
   * @param query the query encoder of an untied bi-encoder, or null
   * @param provenance what made it, as JSON, for {@code provenance.json}
   */
  public static void save(
      Path target,
      BertConfig config,
      Parameters parameters,
      @Nullable Parameters query,
      WordPiece tokenizer,
      RetrieverConfig retriever,
      String provenance) {
    Replacement.directory(
        target,
        folder -> {
          write(folder, config, parameters);
          tokenizer.save(folder);
          Files.writeString(folder.resolve(RetrieverConfig.FILE), retriever.toJson());
          Files.writeString(folder.resolve(PROVENANCE), provenance);
          if (query != null) {
            write(Files.createDirectory(folder.resolve(QUERY)), config, query);
          }
        });
  }

  /**
   * Writes a cross-encoder's model folder in the place of {@code target}.
   *
   * @param provenance what made it, as JSON, for {@code provenance.json}
   */
  public static void save(
      Path target,
      CrossEncoder encoder,
      BertConfig config,
      WordPiece tokenizer,
      RerankerConfig reranker,
      String provenance) {
    Replacement.directory(
        target,
        folder -> {
          write(folder, config, encoder.parameters());
          tokenizer.save(folder);
          Files.writeString(folder.resolve(RerankerConfig.FILE), reranker.toJson());
          Files.writeString(folder.resolve(PROVENANCE), provenance);
        });
  }

  private static void write(Path folder, BertConfig config, Parameters parameters)
      throws IOException {
    Files.writeString(folder.resolve(BertConfig.FILE), config.toJson(architecture(parameters)));
    Map<String, String> format = Map.of("format", "pt"); // Hugging Face's library asks for it
    Safetensors.write(
        folder.resolve(WEIGHTS),
        parameters.stored(name -> !name.startsWith(CondenserHead.PREFIX)),
        format);
    List<StoredTensor> head = parameters.stored(name -> name.startsWith(CondenserHead.PREFIX));
    if (!head.isEmpty()) {
      Safetensors.write(folder.resolve(HEAD), head, format);
    }
  }

  private static String architecture(Parameters parameters) {
    if (parameters.has(BertLayout.CLASSIFIER + ".weight")) {
      return BertConfig.CROSS_ENCODER;
    }
    return parameters.has(MlmHead.PREFIX + "bias") ? "BertForMaskedLM" : "BertModel";
  }
}
