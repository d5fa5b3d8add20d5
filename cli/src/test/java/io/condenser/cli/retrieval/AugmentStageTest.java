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

class AugmentStageTest {
  private final RecordingConsole console = new RecordingConsole();
  @TempDir private Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.writeString(
        folder.resolve("corpus.jsonl"),
        """
        {"_id": "p1", "title": "Cats", "text": "Cats eat fish."}
        {"_id": "p2", "text": "Dogs run."}
        {"_id": "p3", "text": "Horses run."}
        """);
    Files.writeString(
        folder.resolve("queries.jsonl"),
        """
        {"_id": "q1", "text": "what do cats eat"}
        {"_id": "q2", "text": "what runs"}
        {"_id": "q3", "text": "why"}
        """);
    Files.writeString(
        folder.resolve("reranked.run"),
        """
        q1 Q0 p1 1 4.0 reranker
        q1 Q0 p2 2 0.0 reranker
        q1 Q0 p3 3 -5.0 reranker
        q2 Q0 p2 1 3.0 reranker
        q2 Q0 p3 2 2.5 reranker
        q2 Q0 p1 3 1.0 reranker
        q3 Q0 p1 1 -4.0 reranker
        q4 Q0 p3 1 9.0 reranker
        q4 Q0 p1 2 -9.0 reranker
        """);
  }

  private void augment(String... more) throws IOException {
    Map<String, Given> given = new LinkedHashMap<>();
    given.put("queries", file("queries.jsonl"));
    given.put("corpus", file("corpus.jsonl"));
    given.put("run", file("reranked.run"));
    given.put("out", file("augmented"));
    for (int i = 0; i < more.length; i += 2) {
      given.put(more[i], new Given(more[i], List.of(more[i + 1])));
    }
    AugmentStage.TYPE.bind("test", given).run(console);
  }

  private Given file(String name) {
    return new Given(name, List.of(folder.resolve(name).toString()));
  }

  @Test
  void sureOnesAreJudgedAndUnlikelyOnesOfTheirQueriesAreNegatives() throws IOException {
    augment("positives", "2");
    assertThat(folder.resolve("augmented/qrels.tsv"))
        .hasContent("query-id\tcorpus-id\tscore\nq1\tp1\t1\nq2\tp2\t1\nq2\tp3\t1\n");
    assertThat(folder.resolve("augmented/negatives.jsonl"))
        .hasContent("{\"query\":\"q1\",\"negatives\":[\"p3\"]}");
    assertThat(console.remarks)
        .contains(
            "augment: of 3 queries 2 have a pseudo-positive (3 in all, above 0.9) and 1 of them"
                + " negatives; 2 of their passages are neither")
        .anyMatch(line -> line.contains("0.982  what do cats eat") && line.contains("Cats · Cats"));
  }

  @Test
  void theBestAloneIsTakenUnlessMoreAreAskedFor() throws IOException {
    augment();
    assertThat(folder.resolve("augmented/qrels.tsv"))
        .hasContent("query-id\tcorpus-id\tscore\nq1\tp1\t1\nq2\tp2\t1\n");
    assertThat(folder.resolve("augmented/negatives.jsonl"))
        .as("another that it is sure of is no negative")
        .hasContent("{\"query\":\"q1\",\"negatives\":[\"p3\"]}");
  }

  @Test
  void theReportCountsThem() throws IOException {
    augment("positives", "2");
    JsonNode report =
        JsonMapper.shared().readTree(Files.readString(folder.resolve("augmented/report.json")));
    assertThat(report.at("/queries").asInt()).isEqualTo(3);
    assertThat(report.at("/pseudo-positives").asInt()).isEqualTo(3);
    assertThat(report.at("/pseudo-negatives").asInt()).isEqualTo(1);
    assertThat(report.at("/unsure").asInt()).isEqualTo(2);
    assertThat(report.at("/examples/0/passage/text").asString()).isEqualTo("Cats eat fish.");
  }

  @Test
  void onlyTheDepthIsLabelled() throws IOException {
    augment("depth", "2", "negative-below", "0.8");
    assertThat(folder.resolve("augmented/negatives.jsonl"))
        .hasContent("{\"query\":\"q1\",\"negatives\":[\"p2\"]}");
  }

  @Test
  void scoresThatAreNoLogitsAreNoticed() throws IOException {
    Files.writeString(folder.resolve("reranked.run"), "q1 Q0 p1 1 17 bm25\nq1 Q0 p2 2 12 bm25\n");
    assertThatThrownBy(this::augment)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("reranked.run: gives no query both")
        .hasMessageContaining("logits?");
    assertThat(folder.resolve("augmented")).doesNotExist();
  }

  @Test
  void aRunOfOtherQueriesIsRefused() throws IOException {
    Files.writeString(folder.resolve("reranked.run"), "q4 Q0 p1 1 3 reranker\n");
    assertThatThrownBy(this::augment)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("reranked.run: ranks nothing for any query of");
  }

  @Test
  void boundsOutOfRangeAreRefusedByName() {
    assertThatThrownBy(() -> augment("positive-above", "1"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("positive-above is 1.0; expected");
    assertThatThrownBy(() -> augment("positive-above", "0.05"))
        .hasMessageContaining("at least negative-below, 0.1");
    assertThatThrownBy(() -> augment("negative-below", "0"))
        .hasMessageContaining("negative-below is 0.0; expected");
    assertThatThrownBy(() -> augment("depth", "0")).hasMessageContaining("depth is 0");
    assertThatThrownBy(() -> augment("positives", "0")).hasMessageContaining("positives is 0");
  }
}
