package io.condenser.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names and shapes of the weights of each part, in Hugging Face's names and [out, in] order. */
public final class BertLayout {
  static final String POOLER = Backbone.PREFIX + "pooler.dense";
  static final String CLASSIFIER = "classifier";

  private BertLayout() {}

  /** Embeddings and layers, with the prefix {@code bert.}. */
  public static Map<String, List<Long>> backbone(BertConfig c) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    long hidden = c.hiddenSize();
    String embeddings = Backbone.PREFIX + "embeddings.";
    shapes.put(embeddings + "word_embeddings.weight", List.of((long) c.vocabSize(), hidden));
    shapes.put(
        embeddings + "position_embeddings.weight",
        List.of((long) c.maxPositionEmbeddings(), hidden));
    shapes.put(
        embeddings + "token_type_embeddings.weight", List.of((long) c.typeVocabSize(), hidden));
    norm(shapes, embeddings + "LayerNorm", hidden);
    for (int i = 0; i < c.numHiddenLayers(); i++) {
      layer(shapes, Backbone.PREFIX + "encoder.layer." + i, c);
    }
    return shapes;
  }

  /** The MLM head; its decoder is the word embeddings and stands there. */
  public static Map<String, List<Long>> mlmHead(BertConfig c) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    dense(shapes, MlmHead.PREFIX + "transform.dense", c.hiddenSize(), c.hiddenSize());
    norm(shapes, MlmHead.PREFIX + "transform.LayerNorm", c.hiddenSize());
    shapes.put(MlmHead.PREFIX + "bias", List.of((long) c.vocabSize()));
    return shapes;
  }

  /** A Condenser head of so many layers. */
  public static Map<String, List<Long>> condenserHead(BertConfig c, int depth) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (int i = 0; i < depth; i++) {
      layer(shapes, CondenserHead.PREFIX + i, c);
    }
    return shapes;
  }

  /** Whether a parameter is the MLM head's. */
  public static boolean inMlmHead(String name) {
    return name.startsWith(MlmHead.PREFIX);
  }

  /** Whether a parameter is the Condenser head's. */
  public static boolean inCondenserHead(String name) {
    return name.startsWith(CondenserHead.PREFIX);
  }

  /** Pooler and classifier of a cross-encoder with one logit. */
  public static Map<String, List<Long>> classifier(BertConfig c) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    dense(shapes, POOLER, c.hiddenSize(), c.hiddenSize());
    dense(shapes, CLASSIFIER, 1, c.hiddenSize());
    return shapes;
  }

  private static void layer(Map<String, List<Long>> shapes, String name, BertConfig c) {
    long hidden = c.hiddenSize();
    for (String part : List.of("query", "key", "value")) {
      dense(shapes, name + ".attention.self." + part, hidden, hidden);
    }
    dense(shapes, name + ".attention.output.dense", hidden, hidden);
    norm(shapes, name + ".attention.output.LayerNorm", hidden);
    dense(shapes, name + ".intermediate.dense", c.intermediateSize(), hidden);
    dense(shapes, name + ".output.dense", hidden, c.intermediateSize());
    norm(shapes, name + ".output.LayerNorm", hidden);
  }

  private static void dense(Map<String, List<Long>> shapes, String name, long out, long in) {
    shapes.put(name + ".weight", List.of(out, in));
    shapes.put(name + ".bias", List.of(out));
  }

  private static void norm(Map<String, List<Long>> shapes, String name, long size) {
    shapes.put(name + ".weight", List.of(size));
    shapes.put(name + ".bias", List.of(size));
  }
}
