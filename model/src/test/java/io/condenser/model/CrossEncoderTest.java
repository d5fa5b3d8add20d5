package io.condenser.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Query;
import io.condenser.text.TokenPair;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class CrossEncoderTest {
  private static final WordPiece TOKENIZER =
      WordPiece.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cat", "dog"), true);
  private static final BertConfig CONFIG = BertConfig.of(TOKENIZER.size(), 8, 2, 2);
  private static final RerankerConfig RERANKER = new RerankerConfig(5, 9, true);

  @TempDir Path temp;
  private Path backbone = Path.of("");

  @BeforeEach
  void saveBackbone() {
    backbone = temp.resolve("backbone");
    try (Parameters parameters = new Parameters()) {
      Fresh.add(parameters, BertLayout.backbone(CONFIG), 0.5, 1);
      ModelFolder.save(
          backbone, CONFIG, parameters, null, TOKENIZER, RetrieverConfig.standard(), "{}");
    }
  }

  private Path saved() {
    Path folder = temp.resolve("reranker");
    try (CrossEncoder fresh = CrossEncoder.load(ModelFolder.open(backbone), CONFIG, 7)) {
      ModelFolder.save(folder, fresh, CONFIG, TOKENIZER, RERANKER, "{}");
    }
    return folder;
  }

  @Test
  void poolerAndClassifierAreFreshWhereThereAreNoneAndKeptWhereThereAre() {
    try (CrossEncoder fresh = CrossEncoder.load(ModelFolder.open(backbone), CONFIG, 7);
        CrossEncoder other = CrossEncoder.load(ModelFolder.open(backbone), CONFIG, 8);
        CrossEncoder kept = CrossEncoder.load(ModelFolder.open(saved()), CONFIG, 9)) {
      assertThat(kept.parameters().names()).isEqualTo(fresh.parameters().names());
      for (String name : fresh.parameters().names()) {
        assertThat(Tensors.floats(kept.parameters().get(name)))
            .as(name)
            .isEqualTo(Tensors.floats(fresh.parameters().get(name)));
      }
      String classifier = "classifier.weight";
      assertThat(Tensors.floats(other.parameters().get(classifier)))
          .isNotEqualTo(Tensors.floats(fresh.parameters().get(classifier)));
    }
  }

  @Test
  void theFolderIsHuggingFacesSequenceClassifierWithOneLabel() {
    JsonNode config = new ObjectMapper().readTree(saved().resolve(BertConfig.FILE));
    assertThat(config.get("architectures").get(0).asString())
        .isEqualTo("BertForSequenceClassification");
    assertThat(config.get("id2label").size()).isEqualTo(1);
    try (RerankingModel model = RerankingModel.open(saved(), Precision.FP32)) {
      assertThat(model.config()).isEqualTo(RERANKER);
    }
  }

  @Test
  void aPairsScoreDoesNotDependOnItsPadding() {
    try (RerankingModel model = RerankingModel.open(saved(), Precision.FP32)) {
      int[] query = model.tokens(new Query("q", "cat"));
      TokenPair pair = model.pair(query, model.tokens(passage("", "dog")));
      TokenPair longer = model.pair(query, model.tokens(passage("dog cat", "dog dog cat cat")));
      assertThat(model.score(List.of(pair, longer))[0])
          .isCloseTo(model.score(List.of(pair))[0], within(1e-5f));
    }
  }

  @Test
  void theOrderOfQueryAndPassageMatters() {
    try (RerankingModel model = RerankingModel.open(saved(), Precision.FP32)) {
      int[] cat = model.tokens(new Query("q", "cat"));
      int[] dog = model.tokens(new Query("q", "dog"));
      float[] scores = model.score(List.of(model.pair(cat, dog), model.pair(dog, cat)));
      assertThat(Math.abs(scores[0] - scores[1])).isGreaterThan(1e-4f);
    }
  }

  @Test
  void aPairIsCutToItsLengthAtThePassage() {
    try (RerankingModel model = RerankingModel.open(saved(), Precision.FP32)) {
      int[] longQuery = model.tokens(new Query("q", "cat cat cat cat cat cat"));
      int[] emptyQuery = model.tokens(new Query("q", ""));
      int[] longPassage = model.tokens(passage("dog", "dog dog dog dog dog dog dog dog"));
      assertThat(longQuery).hasSize(5);
      assertThat(model.pair(longQuery, longPassage).ids())
          .containsExactly(2, 5, 5, 5, 3, 6, 3, 6, 3);
      assertThat(model.pair(emptyQuery, longPassage).ids())
          .containsExactly(2, 3, 6, 3, 6, 6, 6, 6, 3);
    }
  }

  @Test
  void theFingerprintTellsPrecisionsLengthsAndWeightsApart() throws IOException {
    Path folder = saved();
    String first = fingerprint(folder, Precision.FP32);
    assertThat(fingerprint(folder, Precision.FP32)).isEqualTo(first);
    assertThat(fingerprint(folder, Precision.BF16)).isNotEqualTo(first);
    Files.writeString(folder.resolve(RerankerConfig.FILE), new RerankerConfig(5, 8, true).toJson());
    assertThat(fingerprint(folder, Precision.FP32)).isNotEqualTo(first);
    Files.writeString(folder.resolve(RerankerConfig.FILE), RERANKER.toJson());
    assertThat(fingerprint(folder, Precision.FP32)).isEqualTo(first);
    try (CrossEncoder other = CrossEncoder.load(ModelFolder.open(backbone), CONFIG, 8)) {
      ModelFolder.save(folder, other, CONFIG, TOKENIZER, RERANKER, "{}");
    }
    assertThat(fingerprint(folder, Precision.FP32)).isNotEqualTo(first);
  }

  private static String fingerprint(Path folder, Precision precision) {
    try (RerankingModel model = RerankingModel.open(folder, precision)) {
      return model.fingerprint();
    }
  }

  @Test
  void aFolderWithoutAClassifierIsNoCrossEncoder() {
    assertThatThrownBy(() -> RerankingModel.open(backbone, Precision.FP32))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("backbone")
        .hasMessageContaining("no cross-encoder");
  }

  @Test
  void pairsLongerThanTheModelAreRefused() throws IOException {
    Path folder = saved();
    Files.writeString(
        folder.resolve(RerankerConfig.FILE), new RerankerConfig(32, 513, true).toJson());
    assertThatThrownBy(() -> RerankingModel.open(folder, Precision.FP32))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("pairs of 513 tokens")
        .hasMessageContaining("512 positions");
  }

  @Test
  void lengthsThatLeaveAPassageNoRoomAreRefused() {
    assertThatThrownBy(() -> new RerankerConfig(32, 32, true))
        .isInstanceOf(InputException.class)
        .hasMessage("query-length is 32; expected 3 to below length, which is 32");
  }

  private static Passage passage(String title, String text) {
    return new Passage("p", title, text, null, List.of());
  }
}
