package io.condenser.model.foreign;

import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.storage.InputException;
import io.condenser.storage.StoredTensor;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a foreign checkpoint under our names, checked against a shape. Understands the
 * names that BERT's weights have had: with and without the prefix {@code bert.}, {@code
 * LayerNorm.gamma} and {@code beta}, the MLM decoder's copies of tied weights.
 */
final class BertWeights {
  private static final String PREFIX = "bert.";
  private static final String MLM_BIAS = "cls.predictions.bias";
  private static final String DECODER = "cls.predictions.decoder.weight";
  private static final String DECODER_BIAS = "cls.predictions.decoder.bias";
  private static final String EMBEDDINGS = "bert.embeddings.word_embeddings.weight";

  /** How many names an error or remark lists before it only counts. */
  private static final int LISTED = 3;

  private final String where;
  private final Map<String, StoredTensor> found = new LinkedHashMap<>();

  /**
   * @param where what to call the file in an error
   * @param tensors the file's tensors by its own names; kernels as [out, in]
   */
  BertWeights(String where, Map<String, StoredTensor> tensors) {
    this.where = where;
    tensors.forEach((name, tensor) -> found.put(ourName(name), tensor));
  }

  private static String ourName(String theirs) {
    String name =
        theirs
            .replace("LayerNorm.gamma", "LayerNorm.weight")
            .replace("LayerNorm.beta", "LayerNorm.bias");
    boolean headless =
        name.startsWith("embeddings.") || name.startsWith("encoder.") || name.startsWith("pooler.");
    return headless ? PREFIX + name : name;
  }

  /** What to call the file in an error. */
  String where() {
    return where;
  }

  /** Whether there are weights of an MLM head. */
  boolean hasMlmHead() {
    return found.keySet().stream().anyMatch(name -> name.startsWith("cls.predictions."));
  }

  private boolean has(String name) {
    return found.containsKey(name);
  }

  /**
   * The weights of an encoder of that shape, with its MLM head or classifier if it has one; in the
   * order of the layers.
   *
   * @param remarks gets what was left out
   * @throws InputException if tensors are missing or of another shape
   */
  Map<String, StoredTensor> encoder(BertConfig config, Arena arena, List<String> remarks) {
    settleDecoder();
    Map<String, List<Long>> layout = new LinkedHashMap<>(BertLayout.backbone(config));
    if (hasMlmHead()) {
      layout.putAll(BertLayout.mlmHead(config));
    }
    if (has("classifier.weight")) {
      layout.putAll(BertLayout.classifier(config));
    }
    Map<String, StoredTensor> weights = checked(layout, arena);
    remarkLeftOut(layout, remarks);
    return weights;
  }

  /** The weights of a Condenser head under the prefix {@code c_head.}; empty if there are none. */
  Map<String, StoredTensor> condenserHead(BertConfig config, Arena arena) {
    Map<String, StoredTensor> head = new LinkedHashMap<>();
    found.forEach((name, tensor) -> {
      if (name.startsWith("c_head.")) {
        head.put("condenser_head." + name.substring("c_head.".length()), tensor);
      }
    });
    return headUnderOurNames(where, head, config, arena);
  }

  /** The same of tensors that have our names already. */
  static Map<String, StoredTensor> headUnderOurNames(
      String where, Map<String, StoredTensor> head, BertConfig config, Arena arena) {
    int depth =
        head.keySet().stream()
            .map(name -> name.split("\\.", -1))
            .filter(parts -> parts.length > 2 && parts[1].matches("\\d{1,4}"))
            .mapToInt(parts -> Integer.parseInt(parts[1]) + 1)
            .max()
            .orElse(0);
    return new BertWeights(where, head).checked(BertLayout.condenserHead(config, depth), arena);
  }

  private Map<String, StoredTensor> checked(Map<String, List<Long>> layout, Arena arena) {
    List<String> missing = layout.keySet().stream().filter(name -> !has(name)).toList();
    if (!missing.isEmpty()) {
      throw new InputException(
          "%s: lacks %d of the %d tensors of such a BERT: %s; is it a BERT, and whole?"
              .formatted(where, missing.size(), layout.size(), some(missing)));
    }
    Map<String, StoredTensor> weights = new LinkedHashMap<>();
    layout.forEach((name, shape) -> {
      StoredTensor tensor = get(name);
      if (!tensor.shape().equals(shape)) {
        throw new InputException(
            "%s: tensor %s has shape %s; config.json expects %s"
                .formatted(where, tensor.name(), tensor.shape(), shape));
      }
      StoredTensor floats = Float32.of(where, tensor, arena);
      weights.put(name, new StoredTensor(name, floats.dtype(), shape, floats.data()));
    });
    return weights;
  }

  private StoredTensor get(String name) {
    StoredTensor tensor = found.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return tensor;
  }

  /**
   * The MLM decoder is the word embeddings: its copy is dropped, its bias has two names.
   *
   * @throws InputException if it is a matrix of its own, which our MLM head cannot have
   */
  private void settleDecoder() {
    StoredTensor bias = found.remove(DECODER_BIAS);
    if (bias != null) {
      found.putIfAbsent(MLM_BIAS, bias);
    }
    StoredTensor decoder = found.remove(DECODER);
    StoredTensor embeddings = found.get(EMBEDDINGS);
    if (decoder != null && embeddings != null && decoder.data().mismatch(embeddings.data()) >= 0) {
      throw new InputException(
          "%s: %s differs from the word embeddings; expected an MLM head with a tied decoder"
              .formatted(where, DECODER));
    }
  }

  private void remarkLeftOut(Map<String, List<Long>> layout, List<String> remarks) {
    List<String> leftOut =
        found.keySet().stream()
            .filter(name -> !layout.containsKey(name) && !isExpectedToGo(name))
            .toList();
    if (!leftOut.isEmpty()) {
      remarks.add(
          "%s: left out %d tensors that an encoder does not have: %s"
              .formatted(where, leftOut.size(), some(leftOut)));
    }
  }

  /** Buffers, BERT's next-sentence head and its pooler, and what is read as the Condenser head. */
  private static boolean isExpectedToGo(String name) {
    return name.endsWith(".position_ids")
        || name.startsWith("cls.seq_relationship.")
        || name.startsWith("bert.pooler.")
        || name.startsWith("c_head.")
        || name.equals("co_target");
  }

  private static String some(List<String> names) {
    String listed = String.join(", ", names.subList(0, Math.min(LISTED, names.size())));
    return names.size() > LISTED ? listed + ", …" : listed;
  }
}
