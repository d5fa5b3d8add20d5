package io.condenser.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.model.BertConfig;
import io.condenser.model.BertLayout;
import io.condenser.model.CrossEncoder;
import io.condenser.model.Fresh;
import io.condenser.model.Parameters;
import io.condenser.model.Precision;
import io.condenser.model.RerankerConfig;
import io.condenser.model.RerankingModel;
import io.condenser.storage.InputException;
import io.condenser.text.PassageTokens;
import io.condenser.text.Query;
import io.condenser.text.WordPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RerankingTest {
  private static final WordPiece TOKENIZER =
      WordPiece.of(
          List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cat", "dog", "bird"), true);
  private static final List<String> TEXTS =
      List.of("cat", "dog dog", "bird cat dog", "dog", "cat bird bird bird");

  @TempDir Path folder;
  private final RerankingModel model = model();
  private final Map<String, int[]> queries =
      Map.of(
          "q1", model.tokens(new Query("q1", "cat")),
          "q2", model.tokens(new Query("q2", "dog bird")));
  private @Nullable PassageTokens stored;

  private PassageTokens passages() {
    if (stored == null) {
      stored =
          PassageTokens.build(
              folder.resolve("passages.safetensors"),
              corpus(),
              TOKENIZER,
              model::tokens,
              id -> true,
              done -> {});
    }
    return stored;
  }

  @AfterEach
  void close() {
    if (stored != null) {
      stored.close();
    }
    model.close();
  }

  @Test
  void scoresAreThePairsLogits() {
    Run reranked = reranking(null, 1 << 13).rerank(run(5), 5, done -> {}).run();
    assertThat(reranked.queries()).containsExactly("q2", "q1");
    for (ScoredPassage scored : reranked.ranking("q1")) {
      assertThat(scored.score()).isCloseTo(alone("q1", scored.id()), within(1e-5f));
    }
    assertThat(reranked.ranking("q1")).hasSize(5);
  }

  @Test
  void batchesOfAnySizeGiveTheSameOrder() {
    Run whole = reranking(null, 1 << 13).rerank(run(5), 5, done -> {}).run();
    Run single = reranking(null, 1).rerank(run(5), 5, done -> {}).run();
    for (String query : whole.queries()) {
      assertThat(single.ranking(query).stream().map(ScoredPassage::id))
          .containsExactlyElementsOf(whole.ranking(query).stream().map(ScoredPassage::id).toList());
    }
  }

  @Test
  void passagesBelowTheDepthAreLeftOut() {
    Run reranked = reranking(null, 1 << 13).rerank(run(5), 2, done -> {}).run();
    assertThat(reranked.ranking("q1").stream().map(ScoredPassage::id))
        .containsExactlyInAnyOrder("p0", "p1");
  }

  @Test
  void aSecondRunComputesOnlyWhatIsNew() {
    Path file = folder.resolve("scores");
    List<Long> seen = new ArrayList<>();
    Run first;
    try (ScoreCache cache = ScoreCache.open(file, model)) {
      Reranking.Reranked shallow = reranking(cache, 1 << 13).rerank(run(3), 3, done -> {});
      assertThat(shallow.computed()).isEqualTo(6);
      assertThat(shallow.known()).isZero();
      first = shallow.run();
    }
    try (ScoreCache cache = ScoreCache.open(file, model)) {
      Reranking.Reranked deep = reranking(cache, 1 << 13).rerank(run(5), 5, seen::add);
      assertThat(deep.computed()).isEqualTo(4);
      assertThat(deep.known()).isEqualTo(6);
      assertThat(seen).last().isEqualTo(10L);
      assertThat(deep.run().ranking("q1")).containsAll(first.ranking("q1"));
      Reranking.Reranked again = reranking(cache, 1 << 13).rerank(run(5), 5, done -> {});
      assertThat(again.computed()).isZero();
      assertThat(again.run()).isEqualTo(deep.run());
    }
  }

  @Test
  void unknownQueriesAndPassagesAreNamed() {
    assertThatThrownBy(() ->
            reranking(null, 99).rerank(new Run.Builder().add("q9", "p1", 1).build(), 5, d -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("q9");
    assertThatThrownBy(() ->
            reranking(null, 99).rerank(new Run.Builder().add("q1", "p9", 1).build(), 5, d -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("p9");
  }

  private Reranking reranking(@Nullable ScoreCache cache, int tokensPerBatch) {
    return new Reranking(model, queries, passages(), tokensPerBatch, cache);
  }

  private float alone(String query, String passage) {
    int[] asked = queries.getOrDefault(query, new int[0]);
    return model.score(List.of(model.pair(asked, passages().tokens(passages().row(passage)))))[0];
  }

  /** Both queries with p0 first, p1 second and so on. */
  private static Run run(int depth) {
    Run.Builder run = new Run.Builder();
    for (String query : List.of("q2", "q1")) {
      for (int rank = 0; rank < depth; rank++) {
        run.add(query, "p" + rank, -rank);
      }
    }
    return run.build();
  }

  private Path corpus() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < TEXTS.size(); i++) {
      lines.add("{\"_id\":\"p%d\",\"text\":\"%s\"}".formatted(i, TEXTS.get(i)));
    }
    try {
      return Files.write(folder.resolve("corpus.jsonl"), lines);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static RerankingModel model() {
    BertConfig config = BertConfig.of(TOKENIZER.size(), 8, 2, 2);
    Parameters parameters = new Parameters();
    Fresh.add(parameters, BertLayout.backbone(config), 0.5, 1);
    Fresh.add(parameters, BertLayout.classifier(config), 0.5, 2);
    return new RerankingModel(
        new RerankerConfig(5, 12, true),
        TOKENIZER,
        new CrossEncoder(config, parameters),
        Precision.FP32,
        "tiny");
  }
}
