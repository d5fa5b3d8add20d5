package io.condenser.cli.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.condenser.cli.Given;
import io.condenser.cli.RecordingConsole;
import io.condenser.cli.Stage;
import io.condenser.cli.StageType;
import io.condenser.cli.retrieval.TinyModel;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

/** Workers as processes of their own. */
@Timeout(180)
class WorkersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DOCUMENTS = 8;

  @TempDir Path folder;

  @BeforeEach
  void writeData() throws IOException {
    TinyModel.write(folder.resolve("start"), 1);
    List<String> corpus = new ArrayList<>();
    List<String> queries = new ArrayList<>();
    List<String> qrels = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
    List<String> negatives = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      String one = TinyModel.WORDS.get(i % 5);
      String other = TinyModel.WORDS.get((i + 1) % 5);
      corpus.add(
          "{\"_id\":\"p%d\",\"text\":\"%s eats %s.\",\"spans\":[\"%s eats %s\",\"%s runs\"]}"
              .formatted(i, one, other, one, other, one));
      queries.add("{\"_id\":\"q%d\",\"text\":\"%s eats\"}".formatted(i, one));
      qrels.add("q%d\tp%d\t1".formatted(i, i));
      negatives.add(
          "{\"query\":\"q%d\",\"negatives\":[\"p%d\"]}".formatted(i, (i + 3) % DOCUMENTS));
    }
    Files.write(folder.resolve("corpus.jsonl"), corpus);
    Files.write(folder.resolve("queries.jsonl"), queries);
    Files.write(folder.resolve("qrels.tsv"), qrels);
    Files.write(folder.resolve("negatives.jsonl"), negatives);
  }

  @Test
  void anotherProcessSharesTheBatches() throws IOException {
    RecordingConsole console = new RecordingConsole();
    run(PretrainStage.TYPE, pretrain("one", 2), new RecordingConsole());
    Map<String, String> two = pretrain("two", 2);
    two.put("workers", "2");
    run(PretrainStage.TYPE, two, console);
    assertSameLosses("two", "one");
    assertThat(console.remarks).anyMatch(line -> line.startsWith("2 workers"));
    assertThat(folder.resolve("two/provenance.json")).content().doesNotContain("workers");
    assertThat(folder.resolve("two-training")).isDirectoryNotContaining("glob:**worker*");
  }

  @Test
  void aCrossEncodersBatchesAreSharedToo() throws IOException {
    run(TrainRerankerStage.TYPE, reranker("one"), new RecordingConsole());
    Map<String, String> two = reranker("two");
    two.put("workers", "2");
    RecordingConsole console = new RecordingConsole();
    run(TrainRerankerStage.TYPE, two, console);
    assertSameLosses("two", "one");
    assertThat(console.remarks).anyMatch(line -> line.startsWith("2 workers"));
  }

  /** Both commands in one process, each as it would be given on its machine. */
  @Test
  void commandsMeetAtARendezvous() throws Exception {
    run(FinetuneStage.TYPE, finetune("one"), new RecordingConsole());
    String rendezvous = "127.0.0.1:" + freePort();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> commands = new ArrayList<>();
      for (int rank = 0; rank < 2; rank++) {
        Map<String, String> settings = finetune("two");
        settings.put("rendezvous", rendezvous);
        settings.put("rank", Integer.toString(rank));
        settings.put("world", "2");
        commands.add(
            threads.submit(() -> {
              run(FinetuneStage.TYPE, settings, new RecordingConsole());
              return true;
            }));
      }
      for (Future<?> command : commands) {
        command.get();
      }
    }
    assertSameLosses("two", "one");
  }

  @Test
  void aKilledWorkerStopsTheRunAndTheSameCommandGoesOn() throws IOException {
    Map<String, String> whole = pretrain("whole", 10);
    whole.put("workers", "2");
    run(PretrainStage.TYPE, whole, new RecordingConsole());
    Map<String, String> killed = pretrain("killed", 10);
    killed.put("workers", "2");
    Thread killer = Thread.ofPlatform().start(this::killTheOther);
    assertThatThrownBy(() -> run(PretrainStage.TYPE, killed, new RecordingConsole()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the worker of rank 1 was killed by signal 9")
        .hasMessageContaining("run the same command again");
    assertThat(killer.isAlive()).isFalse();
    assertThat(folder.resolve("killed")).doesNotExist();
    run(PretrainStage.TYPE, killed, new RecordingConsole());
    for (String file : List.of("model.safetensors", "condenser_head.safetensors")) {
      assertThat(folder.resolve("killed").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
    }
  }

  /** Once the run has taken some steps. */
  private void killTheOther() {
    Path metrics = folder.resolve("killed-training/metrics.jsonl");
    try {
      while (!Files.exists(metrics) || Files.readAllLines(metrics).size() < 5) {
        Thread.sleep(5);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void aWorkerWithoutARowIsRefusedBeforeAnyIsStarted() {
    Map<String, String> settings = pretrain("refused", 1);
    settings.put("workers", "5");
    assertThatThrownBy(() -> bind(PretrainStage.TYPE, settings))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("batch is 4; expected at least 5, one for each worker");
  }

  /** So that a recipe's step is done, whoever did it, and a checkpoint serves any number. */
  @Test
  void theNumberOfWorkersDecidesNothing() {
    Map<String, String> settings = pretrain("out", 1);
    Map<String, String> alone = PretrainStage.TYPE.decisive(bind(PretrainStage.TYPE, settings));
    settings.put("workers", "2");
    Stage two = bind(PretrainStage.TYPE, settings);
    assertThat(PretrainStage.TYPE.decisive(two)).isEqualTo(alone);
    assertThat(PretrainStage.TYPE.written(two)).containsEntry("workers", "2");
  }

  private void assertSameLosses(String found, String expected) throws IOException {
    List<Double> losses = losses(found);
    List<Double> wanted = losses(expected);
    assertThat(losses).hasSameSizeAs(wanted).isNotEmpty();
    for (int step = 0; step < losses.size(); step++) {
      assertThat(losses.get(step)).isCloseTo(wanted.get(step), within(1e-4));
    }
  }

  private List<Double> losses(String out) throws IOException {
    return Files.readAllLines(folder.resolve(out + "-training/metrics.jsonl")).stream()
        .map(line -> JSON.readTree(line).path("loss").asDouble())
        .toList();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void run(StageType type, Map<String, String> settings, RecordingConsole console)
      throws IOException {
    bind(type, settings).run(console);
  }

  private static Stage bind(StageType type, Map<String, String> settings) {
    Map<String, Given> given = new LinkedHashMap<>();
    settings.forEach((key, value) -> given.put(key, new Given("test", List.of(value))));
    return type.bind("test", given);
  }

  private Map<String, String> pretrain(String out, int epochs) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("model", folder.resolve("start").toString());
    settings.put("corpus", folder.resolve("corpus.jsonl").toString());
    settings.put("out", folder.resolve(out).toString());
    settings.put("fresh-head", "true");
    settings.put("head-layers", "1");
    settings.put("head-warmup-steps", "1");
    settings.put("batch", "4");
    settings.put("epochs", Integer.toString(epochs));
    settings.put("span-length", "16");
    settings.put("precision", "fp32");
    settings.put("checkpoint-every", "4");
    return settings;
  }

  private Map<String, String> finetune(String out) {
    Map<String, String> settings = judged(out);
    settings.put("passage-length", "16");
    return settings;
  }

  private Map<String, String> reranker(String out) {
    Map<String, String> settings = judged(out);
    settings.put("length", "32");
    settings.put("negatives-per-query", "1");
    return settings;
  }

  private Map<String, String> judged(String out) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("model", folder.resolve("start").toString());
    settings.put("corpus", folder.resolve("corpus.jsonl").toString());
    settings.put("queries", folder.resolve("queries.jsonl").toString());
    settings.put("qrels", folder.resolve("qrels.tsv").toString());
    settings.put("negatives", folder.resolve("negatives.jsonl").toString());
    settings.put("out", folder.resolve(out).toString());
    settings.put("batch", "4");
    settings.put("epochs", "2");
    settings.put("query-length", "16");
    settings.put("use-title", "false");
    settings.put("precision", "fp32");
    return settings;
  }
}
