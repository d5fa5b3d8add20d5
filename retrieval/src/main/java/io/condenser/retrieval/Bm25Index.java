package io.condenser.retrieval;

import io.condenser.evaluation.Run;
import io.condenser.evaluation.ScoredPassage;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.text.Passage;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * A BM25 index of passages, title and text together in one field, kept by Lucene. It also stores
 * the passages themselves, so that answers can be shown.
 *
 * <p>The index is one segment in descending order of passage id. Lucene gives equal scores to the
 * smaller document number, so ties come out by descending id, as {@code trec_eval} orders them, and
 * rankings do not depend on the order of the corpus.
 *
 * <p>Safe for use by several threads.
 */
public final class Bm25Index implements AutoCloseable {
  static final String ID = "id";
  static final String TITLE = "title";
  static final String TEXT = "text";
  static final String CONTENTS = "contents";
  private static final int QUERIES_AT_ONCE = 512;

  private final DirectoryReader reader;
  private final LeafReader segment;
  private final IndexSearcher searcher;
  private final Analyzer analyzer;
  private final Bm25Settings settings;

  private Bm25Index(DirectoryReader reader, Bm25Settings settings) {
    this.reader = reader;
    this.segment = reader.leaves().getFirst().reader();
    this.settings = settings;
    this.analyzer = settings.analysis().analyzer();
    this.searcher = new IndexSearcher(reader);
    searcher.setSimilarity(similarity(settings));
    searcher.setQueryCache(null); // queries do not come again
  }

  static BM25Similarity similarity(Bm25Settings settings) {
    return new BM25Similarity((float) settings.k1(), (float) settings.b());
  }

  /**
   * Builds an index in place of whatever {@code directory} held; until it is whole, the old one
   * stays.
   *
   * @param progress is told how many passages are indexed
   * @throws InputException if there are no passages, or two have the same id
   */
  public static void build(
      Path directory,
      RecordReader<Passage> passages,
      Bm25Settings settings,
      LongConsumer progress) {
    Replacement.directory(
        directory,
        aside -> {
          Bm25Writer.write(aside, passages, settings, progress);
          try (Bm25Index index = open(aside)) {
            Bm25Writer.refuseDuplicates(index.segment);
          }
        });
  }

  /**
   * Opens an index that {@link #build} wrote.
   *
   * @throws InputException if there is none, or another program made it
   */
  public static Bm25Index open(Path directory) {
    if (!Files.isDirectory(directory)) { // Lucene would create it
      throw InputException.in(directory, "no such folder; expected a BM25 index");
    }
    try {
      // MMapDirectory keeps the folder's files mapped by the reader alone; it has nothing to close.
      DirectoryReader reader = DirectoryReader.open(FSDirectory.open(directory));
      Bm25Settings settings = Bm25Settings.fromMap(reader.getIndexCommit().getUserData());
      if (settings == null || reader.leaves().size() != 1) {
        reader.close();
        throw InputException.in(
            directory, "a Lucene index, but not one that condenser built; build it anew");
      }
      return new Bm25Index(reader, settings);
    } catch (IndexNotFoundException e) {
      throw InputException.in(directory, "holds no BM25 index", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory + ": " + e.getMessage(), e);
    }
  }

  /** The settings it was built with. */
  public Bm25Settings settings() {
    return settings;
  }

  /** Number of passages. */
  public int size() {
    return segment.maxDoc();
  }

  /**
   * The best passages for a query in descending order of score, equal scores by descending id.
   * Passages that share no term with the query are not found. The query is plain text; no character
   * has a meaning of its own.
   *
   * @param k at most so many, at least 1
   */
  public List<ScoredPassage> search(String query, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + "; expected at least 1");
    }
    try {
      return hits(searcher.search(anyOf(terms(query)), k).scoreDocs);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the BM25 index: " + e.getMessage(), e);
    }
  }

  /**
   * The best passages for each of many queries, on all processors. A query that finds nothing has
   * no ranking in the result.
   *
   * @param progress is told how many queries are done
   */
  public Run search(List<io.condenser.text.Query> queries, int k, LongConsumer progress) {
    Run.Builder run = new Run.Builder();
    for (int from = 0; from < queries.size(); from += QUERIES_AT_ONCE) {
      int to = Math.min(from + QUERIES_AT_ONCE, queries.size());
      List<io.condenser.text.Query> some = queries.subList(from, to);
      List<List<ScoredPassage>> found =
          some.parallelStream().map(query -> search(query.text(), k)).toList();
      for (int i = 0; i < found.size(); i++) {
        String query = some.get(i).id();
        found.get(i).forEach(hit -> run.add(query, hit.id(), hit.score()));
      }
      progress.accept(to);
    }
    return run.build();
  }

  /** A passage by its id with its title and text, or null if the index has none of that id. */
  public @Nullable Passage passage(String id) {
    try {
      ScoreDoc[] found = searcher.search(new TermQuery(new Term(ID, id)), 1).scoreDocs;
      if (found.length == 0) {
        return null;
      }
      Document stored = segment.storedFields().document(found[0].doc);
      return new Passage(id, stored.get(TITLE), stored.get(TEXT), null, List.of());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the BM25 index: " + e.getMessage(), e);
    }
  }

  /** Terms of a text, each with the number of its occurrences. */
  private Map<String, Integer> terms(String text) throws IOException {
    Map<String, Integer> counts = new LinkedHashMap<>();
    try (TokenStream tokens = analyzer.tokenStream(CONTENTS, text)) {
      CharTermAttribute term = tokens.getAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        counts.merge(term.toString(), 1, Integer::sum);
      }
      tokens.end();
    }
    return counts;
  }

  private static Query anyOf(Map<String, Integer> terms) {
    allowClauses(terms.size());
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    terms.forEach((term, count) -> {
      Query query = new TermQuery(new Term(CONTENTS, term));
      any.add(count == 1 ? query : new BoostQuery(query, count), BooleanClause.Occur.SHOULD);
    });
    return any.build();
  }

  /** Lucene's bound of 1024 clauses, one for the whole JVM, is too low for passages as queries. */
  private static synchronized void allowClauses(int clauses) {
    if (clauses > IndexSearcher.getMaxClauseCount()) {
      IndexSearcher.setMaxClauseCount(clauses);
    }
  }

  private List<ScoredPassage> hits(ScoreDoc[] found) throws IOException {
    String[] ids = new String[found.length];
    Integer[] order = new Integer[found.length];
    Arrays.setAll(order, i -> i);
    // Doc values are read forwards only.
    Arrays.sort(order, Comparator.comparingInt(i -> found[i].doc));
    SortedDocValues values = DocValues.getSorted(segment, ID);
    for (int i : order) {
      values.advanceExact(found[i].doc);
      ids[i] = values.lookupOrd(values.ordValue()).utf8ToString();
    }
    List<ScoredPassage> hits = new ArrayList<>(found.length);
    for (int i = 0; i < found.length; i++) {
      hits.add(new ScoredPassage(ids[i], found[i].score));
    }
    return hits;
  }

  @Override
  public void close() {
    try {
      analyzer.close();
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the BM25 index: " + e.getMessage(), e);
    }
  }
}
