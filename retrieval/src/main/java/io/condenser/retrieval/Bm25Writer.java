package io.condenser.retrieval;

import io.condenser.evaluation.Run;
import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/** Writes the segment that {@link Bm25Index} reads. */
final class Bm25Writer {
  private static final double BUFFER_MEGABYTES = 64;

  private Bm25Writer() {}

  static void write(
      Path directory, RecordReader<Passage> passages, Bm25Settings settings, LongConsumer progress)
      throws IOException {
    try (Analyzer analyzer = settings.analysis().analyzer();
        FSDirectory files = FSDirectory.open(directory);
        IndexWriter writer = new IndexWriter(files, writing(analyzer, settings))) {
      long count = 0;
      for (Passage p = passages.next(); p != null; p = passages.next()) {
        writer.addDocument(document(p));
        progress.accept(++count);
      }
      if (count == 0) {
        throw new InputException("the corpus has no passages; there is nothing to index");
      }
      writer.forceMerge(1);
      writer.setLiveCommitData(settings.toMap().entrySet());
      writer.commit();
    }
  }

  private static IndexWriterConfig writing(Analyzer analyzer, Bm25Settings settings) {
    return new IndexWriterConfig(analyzer)
        .setSimilarity(Bm25Index.similarity(settings))
        .setIndexSort(new Sort(new SortField(Bm25Index.ID, SortField.Type.STRING, true)))
        .setRAMBufferSizeMB(BUFFER_MEGABYTES);
  }

  private static Document document(Passage passage) {
    Run.requireWritable("passage", passage.id());
    String text = passage.body();
    Document document = new Document();
    document.add(new StringField(Bm25Index.ID, passage.id(), Field.Store.NO));
    document.add(new SortedDocValuesField(Bm25Index.ID, new BytesRef(passage.id())));
    document.add(new StoredField(Bm25Index.TITLE, passage.title()));
    document.add(new StoredField(Bm25Index.TEXT, text));
    document.add(new TextField(Bm25Index.CONTENTS, passage.title() + "\n" + text, Field.Store.NO));
    return document;
  }

  /**
   * Refuses two passages of one id. They stand next to each other, since the segment is sorted by
   * id.
   */
  static void refuseDuplicates(LeafReader segment) throws IOException {
    SortedDocValues ids = DocValues.getSorted(segment, Bm25Index.ID);
    if (ids.getValueCount() == segment.maxDoc()) {
      return;
    }
    int before = -1;
    while (ids.nextDoc() != SortedDocValues.NO_MORE_DOCS) {
      if (ids.ordValue() == before) {
        throw new InputException(
            "two passages of the corpus have the id '%s'; ids must be unique"
                .formatted(ids.lookupOrd(before).utf8ToString()));
      }
      before = ids.ordValue();
    }
  }
}
