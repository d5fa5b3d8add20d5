package io.condenser.cli.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.condenser.cli.Given;
import io.condenser.cli.RecordingConsole;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DenoiseStageTest {
  private final RecordingConsole console = new RecordingConsole();
  @TempDir private Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.writeString(
        folder.resolve("corpus.jsonl"),
        """
        {"_id": "p1", "title": "Cats", "text": "Cats eat fish."}
        {"_id": "p2", "title": "Fish", "text": "Fish is what cats eat."}
        {"_id": "p3", "text": "Dogs run."}
        {"_id": "p4", "title": "Cats again", "text": "Cats eat fish."}
        {"_id": "p5", "text": "Horses run."}
        """);
    Files.writeString(
        folder.resolve("queries.jsonl"),
        """
        {"_id": "q1", "text": "what do cats eat"}
        {"_id": "q2", "text": "what runs"}
        """);
    Files.writeString(
        folder.resolve("qrels.tsv"), "query-id\tcorpus-id\tscore\nq1\tp1\t1\nq2\tp3\t1\n");
    Files.writeString(
        folder.resolve("reranked.run"),
        """
        q1 Q0 p1 1 6.5 reranker
        q1 Q0 p4 2 6.4 reranker
        q1 Q0 p2 3 4.0 reranker
        q1 Q0 p3 4 -7.5 reranker
        q1 Q0 p5 5 -8.0 reranker
        q2 Q0 p5 1 5.0 reranker
        q2 Q0 p3 2 4.5 reranker
        """);
  }

  private void denoise(String... more) throws IOException {
    Map<String, Given> given = new LinkedHashMap<>();
    for (String file : new String[] {"qrels.tsv", "queries.jsonl", "corpus.jsonl"}) {
      String name = file.substring(0, file.indexOf('.'));
      given.put(name, new Given(name, List.of(path(file))));
    }
    given.put("run", new Given("run", List.of(path("reranked.run"))));
    given.put("out", new Given("out", List.of(path("denoised.jsonl"))));
    for (int i = 0; i < more.length; i += 2) {
      given.put(more[i], new Given(more[i], List.of(more[i + 1])));
    }
    DenoiseStage.TYPE.bind("test", given).run(console);
  }

  private String path(String file) {
    return folder.resolve(file).toString();
  }

  @Test
  void writesNegativesAsMineDoesAndSaysWhatItLeftOut() throws IOException {
    denoise();
    assertThat(folder.resolve("denoised.jsonl"))
        .hasContent("{\"query\":\"q1\",\"negatives\":[\"p3\",\"p5\"]}");
    assertThat(console.remarks)
        .contains(
            "denoise: negatives for 1 queries, none for 1; dropped 2 relevant passages and 1 copies",
            "of 4 candidates 2 (50.0 %) are false negatives (probability at least 0.1), 2 (50.0 %)"
                + " above 0.9",
            "of 2 ranked passages that are judged relevant 0 (0.0 %) are below 0.1, 2 (100.0 %)"
                + " above 0.9")
        .anyMatch(
            line -> line.contains("0.982  what do cats eat") && line.contains("Fish · Fish is"));
  }

  @Test
  void theReportHasCountsSharesAndTexts() throws IOException {
    denoise();
    JsonNode report =
        JsonMapper.shared().readTree(Files.readString(folder.resolve("denoised-report.json")));
    assertThat(report.at("/candidates").asInt()).isEqualTo(4);
    assertThat(report.at("/false-negatives/all/share").asDouble()).isEqualTo(0.5);
    assertThat(report.at("/judged-relevant/above-0.9/count").asInt()).isEqualTo(2);
    assertThat(report.at("/examples/0/query/text").asString()).isEqualTo("what runs");
    assertThat(report.at("/examples/0/passage/_id").asString()).isEqualTo("p5");
    assertThat(report.at("/examples/1/passage/text").asString()).startsWith("Fish is");
  }

  @Test
  void scoresThatAreNoLogitsAreNoticed() throws IOException {
    Files.writeString(folder.resolve("reranked.run"), "q1 Q0 p3 1 17.5 bm25\n");
    assertThatThrownBy(this::denoise)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("reranked.run: has no passage with a probability below 0.1")
        .hasMessageContaining("logits?");
    assertThat(folder.resolve("denoised.jsonl")).doesNotExist();
  }

  @Test
  void aRunOfOtherQueriesTextsIsRefused() throws IOException {
    Files.writeString(folder.resolve("queries.jsonl"), "{\"_id\": \"q1\", \"text\": \"cats\"}\n");
    assertThatThrownBy(this::denoise)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("queries.jsonl: has no query 'q2'");
  }

  @Test
  void settingsOutOfRangeAreRefusedByName() {
    assertThatThrownBy(() -> denoise("threshold", "1.5"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("threshold is 1.5; expected a probability above 0 and below 1");
    assertThatThrownBy(() -> denoise("depth", "0")).hasMessageContaining("depth is 0");
    assertThatThrownBy(() -> denoise("sample", "0")).hasMessageContaining("sample is 0");
  }
}
