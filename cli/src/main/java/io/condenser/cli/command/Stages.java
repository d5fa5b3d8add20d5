package io.condenser.cli.command;

import io.condenser.cli.CompareStage;
import io.condenser.cli.ConvertStage;
import io.condenser.cli.EvaluateStage;
import io.condenser.cli.ExportStage;
import io.condenser.cli.FreshStage;
import io.condenser.cli.JoinIdsStage;
import io.condenser.cli.SampleCorpusStage;
import io.condenser.cli.SampleQueriesStage;
import io.condenser.cli.StageType;
import io.condenser.cli.UnjudgedQueriesStage;
import io.condenser.cli.VocabStage;
import io.condenser.cli.dataset.ExportExamplesStage;
import io.condenser.cli.dataset.ExportRunStage;
import io.condenser.cli.dataset.ImportStage;
import io.condenser.cli.fetch.FetchStage;
import io.condenser.cli.javadoc.JavadocStage;
import io.condenser.cli.report.ReportStage;
import io.condenser.cli.retrieval.AugmentStage;
import io.condenser.cli.retrieval.DenoiseStage;
import io.condenser.cli.retrieval.EncodeStage;
import io.condenser.cli.retrieval.IndexStage;
import io.condenser.cli.retrieval.JudgeAnswersStage;
import io.condenser.cli.retrieval.MineStage;
import io.condenser.cli.retrieval.RerankStage;
import io.condenser.cli.retrieval.SearchStage;
import io.condenser.cli.retrieval.TuneHybridStage;
import io.condenser.cli.training.FinetuneStage;
import io.condenser.cli.training.PretrainStage;
import io.condenser.cli.training.TrainRerankerStage;
import java.util.List;

/** Every kind of stage there is: commands of their own, and steps of recipes. */
public final class Stages {
  /** In the order of the data, as help lists them. */
  public static final List<StageType> ALL =
      List.of(
          FetchStage.TYPE,
          JavadocStage.TYPE,
          ImportStage.TYPE,
          JoinIdsStage.TYPE,
          SampleCorpusStage.TYPE,
          SampleQueriesStage.TYPE,
          UnjudgedQueriesStage.TYPE,
          VocabStage.TYPE,
          FreshStage.TYPE,
          ConvertStage.TYPE,
          PretrainStage.TYPE,
          FinetuneStage.TYPE,
          ExportStage.TYPE,
          EncodeStage.TYPE,
          IndexStage.TYPE,
          SearchStage.TYPE,
          TuneHybridStage.TYPE,
          MineStage.TYPE,
          TrainRerankerStage.TYPE,
          RerankStage.TYPE,
          DenoiseStage.TYPE,
          AugmentStage.TYPE,
          JudgeAnswersStage.TYPE,
          EvaluateStage.TYPE,
          CompareStage.TYPE,
          ReportStage.TYPE,
          ExportExamplesStage.TYPE,
          ExportRunStage.TYPE);

  private Stages() {}
}
