package io.condenser.cli.ablation;

import io.condenser.cli.RecordingConsole;
import io.condenser.cli.SampleStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A grid of 2 × 2 cells with two seeds, whose stages copy files and write rankings by order. */
final class TinyAblation {
  static final int QUERIES = 8;

  static final String YAML =
      """
      name: tiny
      description: Two axes, two seeds.
      variables:
        work: ${recipe}/work
        seed: 1
        model: ${work}/pretrained.txt
        places: 9
        qrels: ${recipe}/qrels.txt
      stages:
        - sample: {input: "${recipe}/a.txt", output: "${work}/start.txt"}
          as: start
        - sample:
            input: ${work}/start.txt
            output: ${work}/pretrained.txt
            remark: mlm
            seed: ${seed}
          as: pretrain
        - rank:
            model: ${model}
            places: ${places}
            seed: ${seed}
            run: ${work}/dev.run
        - sample: {input: "${work}/dev.run", output: "${work}/never.txt"}
          as: nobody-needs-this
      seeds: [1, 2]
      grid:
        pretraining:
          none: {model: "${work}/start.txt"}
          MLM: {}
        negatives:
          BM25: {places: "2,2,2,2,2,2,2,2"}
          mined: {places: "1,1,1,1,1,1,1,1"}
      baselines:
        untrained: {model: "${recipe}/a.txt", places: "4,4,4,4,4,4,4,4"}
      results:
        run: ${work}/dev.run
        qrels: ${qrels}
        training-qrels: ${recipe}/qrels.txt
        queries: ${recipe}/queries.jsonl
        corpus: ${recipe}/corpus.jsonl
        measures: RR@10 R@1
      tables:
        - title: Mined negatives
          rows: [pretraining]
          columns: [negatives]
          compare: {negatives: BM25}
        - title: Both
          rows: [pretraining, negatives]
          measures: RR@10 R@1
          compare: untrained
      curves:
        - {title: Negatives, x: negatives, lines: [pretraining]}
      """;

  final Path folder;
  final RecordingConsole console = new RecordingConsole();

  TinyAblation(Path folder) throws IOException {
    this.folder = folder;
    Files.writeString(folder.resolve("a.txt"), "ab");
    StringBuilder qrels = new StringBuilder();
    StringBuilder queries = new StringBuilder();
    for (int i = 0; i < QUERIES; i++) {
      qrels.append("q%d 0 r 1\n".formatted(i));
      queries.append("{\"_id\": \"q%d\", \"text\": \"question %d\"}\n".formatted(i, i));
    }
    Files.writeString(folder.resolve("qrels.txt"), qrels);
    Files.writeString(folder.resolve("queries.jsonl"), queries);
    Files.writeString(
        folder.resolve("corpus.jsonl"),
        "{\"_id\": \"r\", \"title\": \"\", \"text\": \"wanted\"}\n");
  }

  Ablation read(String yaml, Map<String, String> given) throws IOException {
    Path file = folder.resolve("tiny.yaml");
    Files.writeString(file, yaml);
    return new AblationReader(List.of(SampleStage.TYPE, RankStage.TYPE)).read(file, given);
  }

  AblationRun made(String yaml) throws IOException {
    return new AblationRun(read(yaml, Map.of()), Part.WHOLE, console);
  }

  /** Runs it; returns the stages that worked, by their names in the recipe. */
  List<String> run(String yaml) throws IOException {
    return run(yaml, List.of(), List.of());
  }

  /** The same of a part. */
  List<String> run(String yaml, List<String> only, List<Long> seeds) throws IOException {
    console.remarks.clear();
    console.results.clear();
    Ablation ablation = read(yaml, Map.of());
    new AblationRun(ablation, Part.of(ablation, only, seeds), console).run(List.of("ablate"));
    return worked();
  }

  List<String> worked() {
    return console.remarks.stream()
        .filter(line -> line.contains(": done in "))
        .map(line -> line.replaceAll(".*: ([\\w-]+) \\(.*", "$1"))
        .toList();
  }

  /** Outputs of shared steps that lie in the work folder, by kind, e.g. {@code rank/run.run}. */
  List<String> outputs() throws IOException {
    try (var files = Files.walk(folder.resolve("work/stages"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.resolve("work/stages").relativize(file).toString())
          .map(name -> name.replaceAll("-[0-9a-f]{12}", ""))
          .sorted()
          .toList();
    }
  }
}
