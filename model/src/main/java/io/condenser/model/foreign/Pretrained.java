package io.condenser.model.foreign;

import io.condenser.model.BertConfig;
import io.condenser.model.ModelFolder;
import io.condenser.model.RetrieverConfig;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of another maker in our terms, complete and checked: every tensor that the shape
 * asks for is there, float32, of the right shape, under Hugging Face's name, kernels as [out, in].
 *
 * @param config the encoder's shape
 * @param weights {@code bert.*}; {@code cls.predictions.*} if there is an MLM head; {@code
 *     classifier.*} and the pooler if it is a cross-encoder; in the order of the layers
 * @param condenserHead {@code condenser_head.*}, empty if there is none
 * @param tokenizer null if the checkpoint came without a vocabulary
 * @param retriever how it turns texts into vectors
 * @param remarks what the user should know: tensors left out, parts that are missing
 * @param files what the tensors view; closed with this
 */
public record Pretrained(
    BertConfig config,
    Map<String, StoredTensor> weights,
    Map<String, StoredTensor> condenserHead,
    @Nullable WordPiece tokenizer,
    RetrieverConfig retriever,
    List<String> remarks,
    AutoCloseable files)
    implements AutoCloseable {

  private static final Pattern LAYER = Pattern.compile("bert\\.encoder\\.layer\\.(\\d+)\\..*");

  /** Whether there is an MLM head. */
  public boolean hasMlmHead() {
    return weights.containsKey("cls.predictions.bias");
  }

  /** Whether it scores pairs of texts. */
  public boolean isCrossEncoder() {
    return weights.containsKey("classifier.weight");
  }

  /** Number of weights, head included. */
  public long count() {
    return weights.values().stream().mapToLong(StoredTensor::elements).sum()
        + condenserHead.values().stream().mapToLong(StoredTensor::elements).sum();
  }

  /**
   * The same cut to its first {@code layers} transformer layers, over the same files. A Condenser
   * head is dropped, with a remark: it was trained on the CLS of a layer that is gone.
   *
   * @throws InputException if it has fewer layers
   */
  public Pretrained firstLayers(int layers) {
    if (layers < 1 || layers > config.numHiddenLayers()) {
      throw new InputException(
          "layers is %d; expected 1 to %d, which is what the checkpoint has"
              .formatted(layers, config.numHiddenLayers()));
    }
    if (layers == config.numHiddenLayers()) {
      return this;
    }
    Map<String, StoredTensor> kept = new LinkedHashMap<>(weights);
    kept.keySet().removeIf(name -> layerOf(name) >= layers);
    List<String> said = new ArrayList<>(remarks);
    if (!condenserHead.isEmpty()) {
      said.add(
          "the Condenser head is left out: it was trained on top of all %d layers"
              .formatted(config.numHiddenLayers()));
    }
    return new Pretrained(
        config.withLayers(layers), kept, Map.of(), tokenizer, retriever, said, files);
  }

  private static int layerOf(String name) {
    Matcher matcher = LAYER.matcher(name);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  /** Writes a model folder of ours in the place of {@code target}, whole or not at all. */
  public void save(Path target) {
    Replacement.directory(target, this::write);
  }

  private void write(Path folder) throws IOException {
    Map<String, String> format = Map.of("format", "pt"); // Hugging Face's library asks for it
    Files.writeString(folder.resolve(BertConfig.FILE), config.toJson(architecture()));
    Safetensors.write(folder.resolve(ModelFolder.WEIGHTS), weights.values(), format);
    if (!condenserHead.isEmpty()) {
      Safetensors.write(folder.resolve(ModelFolder.HEAD), condenserHead.values(), format);
    }
    if (tokenizer != null) {
      tokenizer.save(folder);
    }
    Files.writeString(folder.resolve(RetrieverConfig.FILE), retriever.toJson());
  }

  private String architecture() {
    if (isCrossEncoder()) {
      return BertConfig.CROSS_ENCODER;
    }
    return hasMlmHead() ? "BertForMaskedLM" : "BertModel";
  }

  /** Unmaps the files; the tensors can no longer be read. */
  @Override
  public void close() {
    try {
      files.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot close a checkpoint: " + e.getMessage(), e);
    }
  }
}
