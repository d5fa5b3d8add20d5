package io.condenser.model.foreign;

import io.condenser.model.BertConfig;
import io.condenser.model.Pooling;
import io.condenser.model.RetrieverConfig;
import java.util.List;
import java.util.Locale;

/**
 * How published encoders turn texts into vectors, by their makers' model cards: their ONNX files do
 * not say.
 */
final class KnownEncoders {
  private static final int QUERY_LENGTH = 64;

  private record Family(String name, Pooling pooling, int length, String query, String passage) {}

  private static final List<Family> FAMILIES =
      List.of(
          new Family("minilm", Pooling.MEAN, 256, "", ""),
          new Family("e5-", Pooling.MEAN, 512, "query: ", "passage: "),
          new Family(
              "bge-small-en",
              Pooling.CLS,
              512,
              "Represent this sentence for searching relevant passages: ",
              ""),
          new Family("bge-small-zh", Pooling.CLS, 512, "为这个句子生成表示以用于检索相关文章：", ""));

  private KnownEncoders() {}

  /**
   * The settings of the encoder in an ONNX file, by the file's name. For an unknown one, mean
   * pooling and vectors of length 1, with a remark: most published encoders are that.
   */
  static RetrieverConfig settings(String file, BertConfig config, List<String> remarks) {
    String name = file.toLowerCase(Locale.ROOT);
    for (Family family : FAMILIES) {
      if (name.contains(family.name())) {
        return settings(family, config);
      }
    }
    remarks.add(
        "%s is not an encoder we know: mean pooling assumed; correct retriever.json if it pools otherwise"
            .formatted(file));
    return settings(new Family("", Pooling.MEAN, 256, "", ""), config);
  }

  private static RetrieverConfig settings(Family family, BertConfig config) {
    int longest = Math.min(family.length(), config.maxPositionEmbeddings());
    return new RetrieverConfig(
        family.pooling(),
        true,
        Math.min(QUERY_LENGTH, longest),
        longest,
        true,
        family.query(),
        family.passage());
  }
}
