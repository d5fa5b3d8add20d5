package io.condenser.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.condenser.cli.RecordingConsole;
import io.condenser.cli.retrieval.TinyModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way with the real stages, from a vocabulary to the page, on a corpus of a few words.
 */
class AblateCommandTest {
  private static final String YAML =
      """
      name: words
      variables:
        data: ${recipe}
        work: ${recipe}/work
        seed: 1
        share: 1
        encoder: ${work}/random
        learning-rate: 1e-2
      stages:
        - vocab: {corpus: "${data}/corpus.jsonl", out: "${work}/tokenizer", size: 100}
        - fresh: {vocab: "${work}/tokenizer", layers: 2, hidden: 8, heads: 2, seed: "${seed}", out: "${work}/random"}
        - pretrain:
            model: ${work}/random
            corpus: ${data}/corpus.jsonl
            out: ${work}/pretrained
            fresh-head: true
            head-layers: 1
            head-warmup-steps: 1
            batch: 4
            epochs: 1
            span-length: 16
            precision: fp32
            seed: ${seed}
        - sample-queries: {qrels: "${data}/qrels.tsv", share: "${share}", seed: "${seed}", out: "${work}/train.tsv"}
        - finetune:
            model: ${encoder}
            corpus: ${data}/corpus.jsonl
            queries: ${data}/queries.jsonl
            qrels: ${work}/train.tsv
            negatives: ""
            negatives-per-query: 0
            out: ${work}/retriever
            batch: 4
            epochs: 2
            learning-rate: ${learning-rate}
            query-length: 16
            passage-length: 16
            precision: fp32
            seed: ${seed}
        - index: {corpus: "${data}/corpus.jsonl", model: "${work}/retriever", out: "${work}/index"}
        - search:
            index: ${work}/index
            queries: ${data}/queries.jsonl
            run: ${work}/dev.run
      seeds: [1, 2]
      grid:
        pretraining:
          none: {}
          coCondenser: {encoder: "${work}/pretrained"}
        queries:
          half: {share: 0.5}
          all: {share: 1}
      results:
        run: ${work}/dev.run
        qrels: ${data}/qrels.tsv
        training-qrels: ${work}/train.tsv
        queries: ${data}/queries.jsonl
        corpus: ${data}/corpus.jsonl
        measures: RR@10 nDCG@10
      tables:
        - title: Pre-training
          rows: [pretraining]
          columns: [queries]
          compare: {pretraining: previous}
      curves:
        - {title: Label efficiency, x: queries, lines: pretraining}
      """;

  @TempDir private Path folder;
  private final RecordingConsole console = new RecordingConsole();

  @BeforeEach
  void writeData() throws IOException {
    List<String> corpus = new ArrayList<>();
    List<String> queries = new ArrayList<>();
    List<String> qrels = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
    for (int i = 0; i < 8; i++) {
      String one = TinyModel.WORDS.get(i % 5);
      String other = TinyModel.WORDS.get((i + 1) % 5);
      corpus.add(
          "{\"_id\":\"p%d\",\"text\":\"%s eats %s\",\"spans\":[\"%s eats %s\",\"%s runs\"]}"
              .formatted(i, one, other, one, other, one));
      queries.add("{\"_id\":\"q%d\",\"text\":\"%s eats\"}".formatted(i, one));
      qrels.add("q%d\tp%d\t1".formatted(i, i));
    }
    Files.write(folder.resolve("corpus.jsonl"), corpus);
    Files.write(folder.resolve("queries.jsonl"), queries);
    Files.write(folder.resolve("qrels.tsv"), qrels);
    Files.writeString(folder.resolve("words.yaml"), YAML);
  }

  private int ablate(String... options) {
    List<String> words =
        new ArrayList<>(List.of("ablate", folder.resolve("words.yaml").toString()));
    words.addAll(List.of(options));
    StringWriter errors = new StringWriter();
    return Condenser.commandLine(Stages.ALL, console, new PrintWriter(errors))
        .execute(words.toArray(String[]::new));
  }

  private long worked(String stage) {
    return console.remarks.stream()
        .filter(line -> line.contains(": " + stage + " (") && line.contains(": done in "))
        .count();
  }

  @Test
  void aGridOfRealStagesEndsInTablesAndAPage() throws IOException {
    assertThat(ablate()).isZero();

    assertThat(worked("vocab")).isEqualTo(1);
    assertThat(worked("fresh")).isEqualTo(2);
    assertThat(worked("pretrain")).isEqualTo(2);
    assertThat(worked("sample-queries")).isEqualTo(4);
    assertThat(worked("finetune")).isEqualTo(8);
    assertThat(console.results.getLast())
        .contains(
            "## Pre-training (RR@10)", "| coCondenser |", "Stars: better than the pretraining");
    assertThat(folder.resolve("work/report.html"))
        .content()
        .contains("none · half: loss by step", "coCondenser: loss by step")
        .contains("Label efficiency: RR@10 by training queries")
        .contains(">4</text>", ">8</text>");
    try (Stream<Path> left = Files.walk(folder.resolve("work/stages"))) {
      assertThat(left.map(path -> String.valueOf(path.getFileName())))
          .as("models are gone, metrics stay")
          .doesNotContain("model.safetensors")
          .contains("metrics.jsonl", "run.run", "out.tsv");
    }

    console.remarks.clear();
    assertThat(ablate()).isZero();
    assertThat(console.remarks).noneMatch(line -> line.contains(": done in "));
    assertThat(ablate("--plan")).isZero();
    assertThat(console.results.getLast()).endsWith("to run: none");
  }

  @Test
  void aFailureExitsWithOne() throws IOException {
    Files.delete(folder.resolve("queries.jsonl"));
    assertThat(ablate()).isEqualTo(1);
    assertThat(ablate("--report")).isZero();
    assertThat(console.remarks).last().isEqualTo("no trial is done; there are no results yet");
  }
}
