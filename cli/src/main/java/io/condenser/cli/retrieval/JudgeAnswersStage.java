package io.condenser.cli.retrieval;

import io.condenser.cli.Console;
import io.condenser.cli.Setting;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.retrieval.AnswerJudgments;
import io.condenser.storage.InputException;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Judgments from answer strings, as Natural Questions and TriviaQA are measured. */
public record JudgeAnswersStage(
    @Setting("Queries with answers; all that have any are judged") Path queries,
    @Setting("Corpus that was searched") Path corpus,
    @Setting("Runs whose passages are judged, all that will be compared") List<Path> runs,
    @Setting("Judgments to write, BEIR's TSV") Path out)
    implements Stage {

  /** How users know it. */
  public static final StageType TYPE =
      StageType.of(
          "judge-answers",
          JudgeAnswersStage.class,
          "Judges ranked passages by the answers they contain (DPR); Success@k is then top-k"
              + " accuracy.",
          "judge-answers --queries data/queries/test.jsonl --corpus data/corpus.jsonl"
              + " --runs work/bm25.run,work/dense.run --out work/answers.tsv");

  public JudgeAnswersStage {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new InputException("no runs; give at least one");
    }
  }

  @Override
  public List<Path> inputs() {
    return Stream.concat(Stream.of(queries, corpus), runs.stream()).toList();
  }

  @Override
  public List<Path> outputs() {
    return List.of(out);
  }

  @Override
  public void run(Console console) {
    List<Query> all = new ArrayList<>();
    try (RecordReader<Query> reader = Queries.open(queries)) {
      for (Query query = reader.next(); query != null; query = reader.next()) {
        all.add(query);
      }
    }
    if (all.stream().allMatch(query -> query.answers().isEmpty())) {
      throw InputException.in(
          queries, "no query has answers; expected lines with \"answers\": [\"…\", …]");
    }
    Qrels qrels = AnswerJudgments.of(all, runs.stream().map(Run::read).toList(), corpus);
    qrels.writeBeir(out);
    console.say(
        "%s: %d of %d queries have answers; %d passages judged"
            .formatted(out, qrels.queries().size(), all.size(), qrels.size()));
  }
}
