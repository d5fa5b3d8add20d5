package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.plan.Costs;
import io.condenser.cli.plan.Sizes;
import io.condenser.cli.plan.Work;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.retrieval.Denoiser;
import io.condenser.retrieval.Denoiser.Denoised;
import io.condenser.retrieval.JudgedPassages;
import io.condenser.retrieval.NegativeMiner;
import io.condenser.storage.InputException;
import io.condenser.text.Negatives;
import java.nio.file.Path;
import java.util.List;

/**
 * Denoised hard negatives (RocketQA §3.2.2): as {@code mine}, of the candidates that a
 * cross-encoder, too, holds to be irrelevant.
 */
public record DenoiseStage(
    @Setting("Judgments of the training queries") Path qrels,
    @Setting(
            "Reranked run over the training queries, whose scores are a cross-encoder's logits;"
                + " rerank writes one")
        Path run,
    @Setting("The training queries") Path queries,
    @Setting("Corpus; passages with the same text as a relevant one are no negatives") Path corpus,
    @Setting(value = "Reranked ranks to draw from, at least 1", byDefault = "100") int depth,
    @Setting(
            value = "A negative's probability of being relevant is below this, between 0 and 1",
            byDefault = "0.1")
        double threshold,
    @Setting(value = "Negatives of each query, at least 1", byDefault = "4") int sample,
    @Setting(value = "Seed of the draws", byDefault = "42") long seed,
    @Setting("File to write, as mine does; beside it OUT-report.json with counts and examples")
        Path out)
    implements Stage {

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "denoise",
          DenoiseStage.class,
          "Mines hard negatives that a cross-encoder holds to be irrelevant, too (RocketQA).",
          """
          denoise --qrels data/qrels/train.tsv --run work/train-reranked.run \\
              --queries data/queries.jsonl --corpus data/corpus.jsonl --out work/denoised.jsonl\
          """);

  public DenoiseStage {
    denoiser(depth, threshold, sample, seed); // refuses values out of range
  }

  private static Denoiser denoiser(int depth, double threshold, int sample, long seed) {
    return new Denoiser(threshold, new NegativeMiner(depth, sample, seed));
  }

  @Override
  public List<Path> inputs() {
    return List.of(qrels, run, queries, corpus);
  }

  @Override
  public List<Path> outputs() {
    return List.of(out, report());
  }

  private Path report() {
    return DenoisingReport.beside(out);
  }

  @Override
  public Work work(Sizes sizes) {
    return Costs.mining(sizes.judged(qrels), depth, sample);
  }

  @Override
  public void run(Console console) {
    Qrels judged = Qrels.read(qrels);
    JudgedPassages passages = JudgedPassages.read(qrels, corpus);
    Denoised denoised =
        denoiser(depth, threshold, sample, seed).denoise(judged, Run.read(run), passages::sameText);
    List<Negatives> negatives = denoised.mined().negatives();
    if (negatives.isEmpty()) {
      throw InputException.in(
          run,
          ("has no passage with a probability below %s for any query that %s judges; are both of"
                  + " the training queries, and the scores a cross-encoder's logits?")
              .formatted(threshold, qrels));
    }
    PairTexts examples = PairTexts.read(denoised.examples(), queries, corpus);
    Negatives.write(out, negatives);
    DenoisingReport report = new DenoisingReport(denoised, threshold, examples);
    report.write(report());
    report.show(console);
  }
}
