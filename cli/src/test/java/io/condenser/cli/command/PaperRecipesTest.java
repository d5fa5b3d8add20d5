package io.condenser.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.fetch.FetchStage;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.cli.recipe.Recipe;
import io.condenser.cli.recipe.Recipe.Step;
import io.condenser.cli.recipe.RecipeReader;
import io.condenser.cli.report.ReportStage;
import io.condenser.cli.retrieval.AugmentStage;
import io.condenser.cli.retrieval.DenoiseStage;
import io.condenser.cli.retrieval.MineStage;
import io.condenser.cli.training.FinetuneStage;
import io.condenser.cli.training.PretrainStage;
import io.condenser.cli.training.TrainRerankerStage;
import io.condenser.model.Pooling;
import io.condenser.training.PretrainingSettings.Objective;
import io.condenser.training.RerankingLoss;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipes of the papers' tables say what the papers do. */
class PaperRecipesTest {
  private static final List<String> ALL =
      List.of("msmarco", "msmarco-titles", "natural-questions", "triviaqa");

  private static final List<String> WITH_CROSS_ENCODERS = List.of("rocketqa", "cocondenser-plus");

  private static Recipe read(String name) {
    return new RecipeReader(Stages.ALL)
        .read(RecipesTest.ROOT.resolve("recipes/" + name + ".yaml"), Map.of());
  }

  private static <T> List<T> stages(Recipe recipe, Class<T> kind) {
    return recipe.steps().stream()
        .map(Step::stage)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  /** They share a work folder, so that Condenser is pre-trained once: of one name, one stage. */
  @Test
  void stagesOfOneNameAreTheSameInAllOfThem() {
    Map<String, Map<String, String>> known = new HashMap<>();
    List<String> shared = new ArrayList<>();
    List<String> all = Stream.concat(ALL.stream(), WITH_CROSS_ENCODERS.stream()).toList();
    for (String name : all) {
      for (Step step : read(name).steps()) {
        Map<String, String> settings = step.type().written(step.stage());
        Map<String, String> other = known.putIfAbsent(step.name(), settings);
        if (other != null) {
          assertThat(settings).as(step.name()).isEqualTo(other);
          shared.add(step.name());
        }
      }
    }
    assertThat(shared)
        .contains("condenser", "cocondenser-msmarco", "cocondenser-wikipedia", "titles-mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"msmarco", "msmarco-titles", "natural-questions", "triviaqa"})
  void coCondenserGoesOnFromCondenserWithItsHead(String name) {
    List<PretrainStage> stages = stages(read(name), PretrainStage.class);
    PretrainStage condenser = stages.getFirst();
    PretrainStage cocondenser = stages.getLast();
    assertThat(stages).hasSize(2);
    assertThat(condenser.objective()).isEqualTo(Objective.CONDENSER);
    assertThat(condenser.batch()).isEqualTo(1024);
    assertThat(cocondenser.objective()).isEqualTo(Objective.COCONDENSER);
    assertThat(cocondenser.model()).isEqualTo(condenser.out());
    assertThat(cocondenser.freshHead()).isFalse();
    assertThat(cocondenser.batch()).isEqualTo(2048);
    assertThat(stages)
        .allSatisfy(stage -> {
          assertThat(stage.headLayers()).isEqualTo(2);
          assertThat(stage.epochs()).isEqualTo(8);
          assertThat(stage.learningRate()).isEqualTo(1e-4);
          assertThat(stage.weightDecay()).isEqualTo(0.01);
          assertThat(stage.warmup()).isEqualTo(0.1);
          assertThat(stage.spanLength()).isEqualTo(128);
          assertThat(stage.pooling()).isEqualTo(Pooling.CLS);
          assertThat(stage.normalize()).isFalse();
          assertThat(stage.temperature()).isEqualTo(1);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"msmarco", "msmarco-titles", "natural-questions", "triviaqa"})
  void roundTwoBeginsAgainWithBothKindsOfNegatives(String name) {
    Recipe recipe = read(name);
    List<FinetuneStage> rounds = stages(recipe, FinetuneStage.class);
    FinetuneStage first = rounds.getFirst();
    FinetuneStage second = rounds.getLast();
    MineStage mine = stages(recipe, MineStage.class).getFirst();
    assertThat(rounds).hasSize(2);
    assertThat(second.model())
        .isEqualTo(first.model())
        .isEqualTo(stages(recipe, PretrainStage.class).getLast().out());
    assertThat(second.negatives()).containsExactly(first.negatives().getFirst(), mine.out());
    assertThat(mine.depth()).isEqualTo(200);
    assertThat(mine.sample()).isEqualTo(30);
    assertThat(rounds)
        .allSatisfy(round -> {
          assertThat(round.learningRate()).isEqualTo(5e-6);
          assertThat(round.temperature()).isEqualTo(1);
          assertThat(round.normalize()).isFalse();
          assertThat(round.queryLength()).isEqualTo(32);
        });
  }

  @Test
  void msMarcoTiesItsEncodersAndTheQuestionsDoNot() {
    for (String name : ALL) {
      boolean questions = !name.startsWith("msmarco");
      assertThat(stages(read(name), FinetuneStage.class))
          .allSatisfy(round -> {
            assertThat(round.untied()).isEqualTo(questions);
            assertThat(round.passageLength()).isEqualTo(questions ? 256 : 128);
            assertThat(round.batch()).isEqualTo(questions ? 128 : 8);
            assertThat(round.negativesPerQuery()).isEqualTo(questions ? 1 : 7);
          });
    }
  }

  /**
   * RocketQA §4: depth 50, four negatives, below .1 and above .9; each step from the start again.
   */
  @Test
  void rocketQaDenoisesAndLabelsByItsBounds() {
    Recipe recipe = read("rocketqa");
    DenoiseStage denoise = stages(recipe, DenoiseStage.class).getFirst();
    AugmentStage augment = stages(recipe, AugmentStage.class).getFirst();
    assertThat(List.of(denoise.depth(), augment.depth())).containsOnly(50);
    assertThat(List.of(denoise.sample(), augment.sample())).containsOnly(4);
    assertThat(List.of(denoise.threshold(), augment.negativeBelow())).containsOnly(0.1);
    assertThat(augment.positiveAbove()).isEqualTo(0.9);
    List<FinetuneStage> steps = stages(recipe, FinetuneStage.class);
    assertThat(steps).hasSize(4);
    assertThat(steps)
        .allSatisfy(step -> {
          assertThat(step.model()).isEqualTo(steps.getFirst().model());
          assertThat(step.batch()).isEqualTo(4096);
          assertThat(step.learningRate()).isEqualTo(3e-5);
          assertThat(step.teacher()).isEmpty();
        });
    FinetuneStage last = steps.getLast();
    assertThat(last.negatives())
        .containsExactly(denoise.out(), augment.out().resolve("negatives.jsonl"));
    assertThat(last.qrels()).contains(augment.out().resolve("qrels.tsv"));
    TrainRerankerStage reranker = stages(recipe, TrainRerankerStage.class).getFirst();
    assertThat(reranker.loss()).isEqualTo(RerankingLoss.POINTWISE); // else scores are no logits
    assertThat(reranker.negativesPerQuery()).isEqualTo(4);
  }

  @Test
  void theTablesNameThePublishedFigures() {
    assertThat(expected("msmarco-titles"))
        .contains(
            "RR@10=.382 coCondenser, Gao & Callan 2021",
            "R@1000=.984 coCondenser, Gao & Callan 2021");
    assertThat(expected("rocketqa"))
        .contains("RR@10=.370 augmented, Qu et al. 2021", "RR@10=.364 denoised, Qu et al. 2021");
    assertThat(expected("natural-questions"))
        .contains("Success@20=.843 coCondenser, Gao & Callan 2021");
    assertThat(expected("triviaqa")).contains("Success@20=.832 coCondenser, Gao & Callan 2021");
  }

  private static List<String> expected(String recipe) {
    return stages(read(recipe), ReportStage.class).getFirst().expected();
  }

  /** Before any file is there a plan knows all but the downloads of which nobody told the size. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "msmarco",
        "msmarco-titles",
        "natural-questions",
        "triviaqa",
        "rocketqa",
        "cocondenser-plus"
      })
  void aPlanKnowsTheSizeOfAllThatIsToBeDone(String name) {
    Recipe recipe = read(name);
    Sizes sizes = new Sizes(recipe.sizes(), 1L << 34);
    List<String> unknown = new ArrayList<>();
    for (Step step : recipe.steps()) {
      try {
        Work work = step.stage().work(sizes);
        sizes.make(work.makes());
      } catch (Sizes.Unknown e) {
        assertThat(step.stage()).as(step.name()).isInstanceOf(FetchStage.class);
        unknown.add(step.name());
      }
    }
    assertThat(unknown)
        .isSubsetOf("fetch-documents", "fetch-titles", "nq-fetch-test", "trivia-fetch-test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "msmarco",
        "msmarco-titles",
        "natural-questions",
        "triviaqa",
        "rocketqa",
        "cocondenser-plus",
        "beir"
      })
  void aMiniatureDownloadsNothingAndLeavesTheRestAsItIs(String name) {
    Path file = RecipesTest.ROOT.resolve("recipes/" + name + ".yaml");
    RecipeReader reader = new RecipeReader(Stages.ALL);
    List<String> small = reader.miniature(file, Map.of()).steps().stream().map(Step::name).toList();
    List<String> rest =
        reader.read(file, Map.of()).steps().stream()
            .filter(step -> !(step.stage() instanceof FetchStage))
            .map(Step::name)
            .toList();
    assertThat(small).isEqualTo(rest);
  }
}
