package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Size;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.evaluation.Run;
import io.condenser.retrieval.Augmenter;
import io.condenser.retrieval.Augmenter.Augmented;
import io.condenser.retrieval.Denoiser;
import io.condenser.retrieval.NegativeMiner;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.text.Negatives;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Data augmentation (RocketQA §3.2.3): a cross-encoder's scores become judgments and negatives of
 * queries that nobody judged. {@code finetune} takes them beside those of the labelled queries.
 */
public record AugmentStage(
    @Setting("Queries without judgments; unjudged-queries takes them from a file") Path queries,
    @Setting("Reranked run over them, whose scores are a cross-encoder's logits; rerank writes one")
        Path run,
    @Setting("Corpus, for the report's examples") Path corpus,
    @Setting(value = "Reranked ranks that are labelled, at least 1", byDefault = "100") int depth,
    @Setting(
            value =
                "A pseudo-positive's probability is above this; at least negative-below, below 1",
            byDefault = "0.9")
        double positiveAbove,
    @Setting(value = "Pseudo-positives of a query at most, its best; at least 1", byDefault = "1")
        int positives,
    @Setting(
            value = "A pseudo-negative's probability is below this, between 0 and 1",
            byDefault = "0.1")
        double negativeBelow,
    @Setting(value = "Negatives of each query, at least 1", byDefault = "4") int sample,
    @Setting(value = "Seed of the draws", byDefault = "42") long seed,
    @Setting("Folder to write: qrels.tsv, negatives.jsonl, report.json") Path out)
    implements Stage {

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "augment",
          AugmentStage.class,
          "Lets a cross-encoder label what was found for queries without judgments (RocketQA).",
          """
          augment --queries data/more-queries.jsonl --run work/more-reranked.run \\
              --corpus data/corpus.jsonl --out work/augmented\
          """);

  private static final String REPORT = "report.json";

  private static final JsonMapper JSON = JsonMapper.shared();

  public AugmentStage {
    if (!(negativeBelow > 0 && negativeBelow < 1)) {
      throw new InputException(
          "negative-below is %s; expected a probability above 0 and below 1"
              .formatted(negativeBelow));
    }
    augmenter(depth, positiveAbove, positives, negativeBelow, sample, seed); // refuses bad values
  }

  private static Augmenter augmenter(
      int depth, double positiveAbove, int positives, double negativeBelow, int sample, long seed) {
    return new Augmenter(
        positiveAbove,
        positives,
        new Denoiser(negativeBelow, new NegativeMiner(depth, sample, seed)));
  }

  @Override
  public List<Path> inputs() {
    return List.of(queries, run, corpus);
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public List<String> foldersMarks() {
    return List.of(REPORT);
  }

  @Override
  public Work work(Sizes sizes) {
    double all = sizes.queries(queries).records();
    return Costs.mining(all, depth, sample).making(out.resolve("qrels.tsv"), Size.texts(all, 0, 0));
  }

  @Override
  public void run(Console console) {
    Augmented augmented =
        augmenter(depth, positiveAbove, positives, negativeBelow, sample, seed)
            .augment(Run.read(run), ids());
    if (augmented.queries() == 0) {
      throw InputException.in(
          run, "ranks nothing for any query of %s; do the two belong together?".formatted(queries));
    }
    if (augmented.mined().negatives().isEmpty()) {
      throw InputException.in(
          run,
          ("gives no query both a passage with a probability above %s and one below %s; are the"
                  + " scores a cross-encoder's logits?")
              .formatted(positiveAbove, negativeBelow));
    }
    PairTexts examples = PairTexts.read(augmented.examples(), queries, corpus);
    Replacement.directory(
        out,
        aside -> {
          augmented.positives().writeBeir(aside.resolve("qrels.tsv"));
          Negatives.write(aside.resolve("negatives.jsonl"), augmented.mined().negatives());
          Files.writeString(
              aside.resolve(REPORT), report(augmented, examples).toPrettyString() + "\n");
        });
    console.say(
        "augment: of %,d queries %,d have a pseudo-positive (%,d in all, above %s) and %,d of them negatives; %,d of their passages are neither"
            .formatted(
                augmented.queries(),
                augmented.positives().queries().size(),
                augmented.positives().size(),
                positiveAbove,
                augmented.mined().negatives().size(),
                augmented.unsure()));
    console.say("some of the pseudo-positives:");
    examples.show(console);
  }

  private Set<String> ids() {
    Set<String> ids = new HashSet<>();
    try (RecordReader<Query> reader = Queries.open(queries)) {
      for (Query query = reader.next(); query != null; query = reader.next()) {
        ids.add(query.id());
      }
    }
    return ids;
  }

  private ObjectNode report(Augmented augmented, PairTexts examples) {
    ObjectNode json = JSON.createObjectNode();
    json.put("queries", augmented.queries());
    json.put("queries-with-pseudo-positives", augmented.positives().queries().size());
    json.put("queries-with-pseudo-negatives", augmented.mined().negatives().size());
    json.put("positive-above", positiveAbove);
    json.put("negative-below", negativeBelow);
    json.put("pseudo-positives", augmented.positives().size());
    json.put(
        "pseudo-negatives",
        augmented.mined().negatives().stream().mapToInt(each -> each.negatives().size()).sum());
    json.put("unsure", augmented.unsure());
    examples.write(json.putArray("examples"));
    return json;
  }
}
