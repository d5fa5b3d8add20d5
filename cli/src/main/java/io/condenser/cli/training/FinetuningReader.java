package io.condenser.cli.training;

import io.condenser.cli.Console;
import io.condenser.evaluation.Qrels;
import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.model.TextTokens;
import io.condenser.storage.InputException;
import io.condenser.text.Negatives;
import io.condenser.text.PassageTokens;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import io.condenser.text.WordPiece;
import io.condenser.training.FinetuningData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what a bi-encoder or a cross-encoder is trained on from the files of the field: queries,
 * judgments, negatives, corpus, and a teacher's run. Queries without a relevant passage are left
 * out.
 */
final class FinetuningReader {
  /** Random passages are drawn from so many of the corpus. */
  private static final int RANDOM_PASSAGES = 10_000;

  private final Files files;
  private final WordPiece tokenizer;
  private final TextTokens texts;
  private final Qrels qrels;
  private final Map<String, Integer> numbers = new HashMap<>(); // of a query's id
  private final List<int[]> queries = new ArrayList<>();
  private final List<List<String>> positives = new ArrayList<>();
  private final List<List<List<String>>> negatives = new ArrayList<>();
  private final List<List<ScoredPassage>> taught = new ArrayList<>(); // empty without a teacher
  private final List<String> randoms = new ArrayList<>(); // empty where none stand in for negatives

  /**
   * The files.
   *
   * @param negatives each is a source
   * @param teacher reranked runs
   */
  record Files(List<Path> queries, List<Path> qrels, List<Path> negatives, List<Path> teacher) {}

  private FinetuningReader(Files files, WordPiece tokenizer, TextTokens texts) {
    this.files = files;
    this.tokenizer = tokenizer;
    this.texts = texts;
    this.qrels = Qrels.read(files.qrels());
  }

  static FinetuningReader read(Files files, WordPiece tokenizer, TextTokens texts) {
    FinetuningReader reader = new FinetuningReader(files, tokenizer, texts);
    files.queries().forEach(reader::readQueries);
    if (reader.queries.isEmpty()) {
      throw new InputException(
          "%s: no query with a relevant passage in %s; do the two belong together?"
              .formatted(named(files.queries()), named(files.qrels())));
    }
    for (Path source : files.negatives()) {
      reader.negatives.add(reader.readNegatives(source));
    }
    if (!files.teacher().isEmpty()) {
      reader.readTeacher();
    }
    return reader;
  }

  private static String named(List<Path> files) {
    return String.join(", ", files.stream().map(Path::toString).toList());
  }

  private void readQueries(Path file) {
    try (RecordReader<Query> reader = Queries.open(file)) {
      for (Query query = reader.next(); query != null; query = reader.next()) {
        String id = query.id();
        List<String> relevant =
            qrels.of(id).keySet().stream().filter(p -> qrels.isRelevant(id, p)).toList();
        if (relevant.isEmpty()) {
          continue;
        }
        int[] tokens = texts.tokens(tokenizer, query);
        Integer before = numbers.putIfAbsent(id, queries.size());
        if (before == null) {
          queries.add(tokens);
          positives.add(relevant);
        } else if (!Arrays.equals(tokens, queries.get(before))) {
          throw InputException.in(
              file,
              "query '%s' has another text than in the files before; ids must tell queries apart"
                  .formatted(id));
        }
      }
    }
  }

  private List<List<String>> readNegatives(Path file) {
    List<List<String>> all = new ArrayList<>(Collections.nCopies(numbers.size(), List.of()));
    try (RecordReader<Negatives> reader = Negatives.open(file)) {
      for (Negatives each = reader.next(); each != null; each = reader.next()) {
        Integer query = numbers.get(each.query());
        if (query != null) {
          all.set(query, each.negatives());
        }
      }
    }
    return all;
  }

  private void readTeacher() {
    taught.addAll(Collections.nCopies(queries.size(), List.of()));
    for (Path file : files.teacher()) {
      Run run = Run.read(file);
      for (String id : run.queries()) {
        Integer query = numbers.get(id);
        if (query != null && !taught.get(query).isEmpty()) {
          throw InputException.in(
              file, "query '%s' is in a teacher's run before, too; give one of them".formatted(id));
        }
        if (query != null) {
          taught.set(query, run.ranking(id));
        }
      }
    }
    if (taughtQueries() == 0) {
      throw new InputException(
          "%s: no relevant passage of any training query is scored; rerank a run over the training queries"
              .formatted(named(files.teacher())));
    }
  }

  /** Queries of which the teacher scored a relevant passage. */
  private int taughtQueries() {
    int count = 0;
    for (int query = 0; query < taught.size(); query++) {
      List<String> relevant = positives.get(query);
      count += taught.get(query).stream().anyMatch(p -> relevant.contains(p.id())) ? 1 : 0;
    }
    return count;
  }

  /** Says what is learned from, where that is not plain from the files. */
  void describe(Console console) {
    if (!taught.isEmpty()) {
      console.say(
          "%s: a relevant passage of %,d of %,d queries is scored; the others learn from their"
                  .formatted(named(files.teacher()), taughtQueries(), queries.size())
              + " judgments alone");
    }
  }

  /**
   * Tokenises the passages that are needed into {@code folder}.
   *
   * @param most negatives of a query in a step; if some query has fewer, random passages of the
   *     corpus stand in
   * @param seed of those passages
   */
  PassageTokens passages(Path folder, Path corpus, int most, long seed, Console console) {
    if (most > fewest()) {
      randoms.addAll(SampledIds.of(corpus, RANDOM_PASSAGES, seed));
    }
    Set<String> wanted = new HashSet<>(randoms);
    positives.forEach(wanted::addAll);
    negatives.forEach(source -> source.forEach(wanted::addAll));
    taught.forEach(ranking -> ranking.forEach(passage -> wanted.add(passage.id())));
    try (Console.Progress progress = console.progress("tokenize", -1, "passages")) {
      return PassageTokens.build(
          folder.resolve("passages.safetensors"),
          corpus,
          tokenizer,
          passage -> texts.tokens(tokenizer, passage),
          wanted::contains,
          progress::at);
    }
  }

  /** The fewest negatives that an instance has. */
  private int fewest() {
    int fewest = Integer.MAX_VALUE;
    for (int query = 0; query < queries.size(); query++) {
      int each = query;
      fewest =
          Math.min(
              fewest,
              negatives.stream()
                  .mapToInt(source -> source.get(each).size())
                  .filter(count -> count > 0)
                  .min()
                  .orElse(0));
    }
    return fewest;
  }

  FinetuningData data(PassageTokens passages) {
    List<int[][]> hard = new ArrayList<>();
    for (int source = 0; source < negatives.size(); source++) {
      hard.add(rows(negatives.get(source), passages, files.negatives().get(source).toString()));
    }
    return new FinetuningData(
        queries,
        rows(positives, passages, named(files.qrels())),
        hard,
        passages::tokens,
        randoms.stream().mapToInt(passages::row).toArray(),
        taught.isEmpty() ? null : teacher(passages));
  }

  private FinetuningData.Teacher teacher(PassageTokens passages) {
    List<List<String>> ids =
        taught.stream().map(ranking -> ranking.stream().map(ScoredPassage::id).toList()).toList();
    float[][] logits = new float[taught.size()][];
    for (int query = 0; query < logits.length; query++) {
      List<ScoredPassage> ranking = taught.get(query);
      logits[query] = new float[ranking.size()];
      for (int i = 0; i < ranking.size(); i++) {
        logits[query][i] = ranking.get(i).score();
      }
    }
    return new FinetuningData.Teacher(rows(ids, passages, named(files.teacher())), logits);
  }

  private static int[][] rows(List<List<String>> ids, PassageTokens passages, String source) {
    int[][] rows = new int[ids.size()][];
    for (int query = 0; query < rows.length; query++) {
      rows[query] = ids.get(query).stream().mapToInt(id -> row(id, passages, source)).toArray();
    }
    return rows;
  }

  private static int row(String id, PassageTokens passages, String source) {
    int row = passages.row(id);
    if (row < 0) {
      throw new InputException(
          "%s: names passage '%s', which the corpus does not hold; do they belong together?"
              .formatted(source, id));
    }
    return row;
  }
}
