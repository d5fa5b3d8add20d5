package io.condenser.cli.training;

import io.condenser.cli.Console;
import io.condenser.evaluation.Qrels;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what a bi-encoder or a cross-encoder is trained on from the files of the field: queries,
 * judgments, negatives, corpus. Queries without a relevant passage are left out.
 */
final class FinetuningReader {
  private final Path qrelsFile;
  private final WordPiece tokenizer;
  private final TextTokens texts;
  private final List<int[]> queries = new ArrayList<>();
  private final List<List<String>> positives = new ArrayList<>();
  private final List<Path> sources;
  private final List<List<List<String>>> negatives = new ArrayList<>();

  private FinetuningReader(
      Path qrelsFile, List<Path> sources, WordPiece tokenizer, TextTokens texts) {
    this.qrelsFile = qrelsFile;
    this.sources = sources;
    this.tokenizer = tokenizer;
    this.texts = texts;
  }

  static FinetuningReader read(
      Path queryFile, Path qrelsFile, List<Path> sources, WordPiece tokenizer, TextTokens texts) {
    FinetuningReader reader = new FinetuningReader(qrelsFile, sources, tokenizer, texts);
    Map<String, Integer> numbers = reader.readQueries(queryFile, Qrels.read(qrelsFile));
    for (Path source : sources) {
      reader.negatives.add(readNegatives(source, numbers));
    }
    return reader;
  }

  private Map<String, Integer> readQueries(Path file, Qrels qrels) {
    Map<String, Integer> numbers = new HashMap<>();
    try (RecordReader<Query> reader = Queries.open(file)) {
      for (Query query = reader.next(); query != null; query = reader.next()) {
        String id = query.id();
        List<String> relevant =
            qrels.of(id).keySet().stream().filter(p -> qrels.isRelevant(id, p)).toList();
        if (!relevant.isEmpty()) {
          numbers.put(id, queries.size());
          queries.add(texts.tokens(tokenizer, query));
          positives.add(relevant);
        }
      }
    }
    if (queries.isEmpty()) {
      throw InputException.in(
          file,
          "holds no query with a relevant passage in "
              + qrelsFile
              + "; do the two belong together?");
    }
    return numbers;
  }

  private static List<List<String>> readNegatives(Path file, Map<String, Integer> numbers) {
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

  /** Tokenises the passages that are needed into {@code folder}. */
  PassageTokens passages(Path folder, Path corpus, Console console) {
    Set<String> wanted = new HashSet<>();
    positives.forEach(wanted::addAll);
    negatives.forEach(source -> source.forEach(wanted::addAll));
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

  FinetuningData data(PassageTokens passages) {
    List<int[][]> hard = new ArrayList<>();
    for (int source = 0; source < sources.size(); source++) {
      hard.add(rows(negatives.get(source), passages, sources.get(source)));
    }
    return new FinetuningData(
        queries, rows(positives, passages, qrelsFile), hard, passages::tokens, passages.size());
  }

  private static int[][] rows(List<List<String>> ids, PassageTokens passages, Path source) {
    int[][] rows = new int[ids.size()][];
    for (int query = 0; query < rows.length; query++) {
      rows[query] = ids.get(query).stream().mapToInt(id -> row(id, passages, source)).toArray();
    }
    return rows;
  }

  private static int row(String id, PassageTokens passages, Path source) {
    int row = passages.row(id);
    if (row < 0) {
      throw InputException.in(
          source,
          "names passage '" + id + "', which the corpus does not hold; do they belong together?");
    }
    return row;
  }
}
