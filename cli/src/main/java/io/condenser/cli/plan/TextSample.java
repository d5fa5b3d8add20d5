package io.condenser.cli.plan;

import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.Queries;
import io.condenser.text.Query;
import io.condenser.text.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * How large a file of texts is, from its beginning: the lines of its first {@value #BYTES} bytes
 * and the texts of its first {@value #RECORDS} records. One record is taken to be one line.
 */
final class TextSample {
  private static final int BYTES = 1 << 23;
  private static final int RECORDS = 1000;

  /** BERT's [CLS] and [SEP]. */
  private static final int SPECIALS = 2;

  /**
   * Characters of a WordPiece token, the blank before it counted, in English: 4.3 to 4.6 in
   * Wikipedia, news and abstracts. A character of Chinese, Japanese or Korean is a token.
   */
  private static final double CHARACTERS_PER_TOKEN = 4.4;

  private static final int FIRST_IDEOGRAPH = 0x2E80;

  private TextSample() {}

  static Size passages(Path file) {
    double tokens = 0;
    int records = 0;
    Set<String> documents = new HashSet<>();
    try (RecordReader<Passage> reader = Passages.open(file)) {
      for (Passage passage = reader.next();
          passage != null && records < RECORDS;
          passage = reader.next()) {
        tokens += tokens(passage.title() + " " + passage.body());
        tokens += passage.spans().stream().mapToDouble(TextSample::tokens).sum();
        documents.add(passage.doc() == null ? "passage " + records : "document " + passage.doc());
        records++;
      }
    }
    return scaled(file, records, tokens, documents.size());
  }

  static Size queries(Path file) {
    double tokens = 0;
    int records = 0;
    try (RecordReader<Query> reader = Queries.open(file)) {
      for (Query query = reader.next(); query != null && records < RECORDS; query = reader.next()) {
        tokens += tokens(query.text());
        records++;
      }
    }
    return scaled(file, records, tokens, records);
  }

  private static Size scaled(Path file, int records, double tokens, int documents) {
    if (records == 0) {
      throw InputException.in(file, "holds no records");
    }
    double all = records < RECORDS ? records : lines(file);
    return Size.texts(all, tokens / records + SPECIALS, all * documents / records);
  }

  /** WordPiece tokens of a text, about. */
  static double tokens(String text) {
    long ideographs = text.codePoints().filter(c -> c >= FIRST_IDEOGRAPH && c < 0xFFFF).count();
    return ideographs + (text.length() - ideographs) / CHARACTERS_PER_TOKEN;
  }

  /** Lines of a file, gzipped or not: those of its beginning, scaled by the bytes they take. */
  static double lines(Path file) {
    try (FileChannel channel = FileChannel.open(file);
        InputStream in = opened(channel)) {
      byte[] buffer = new byte[1 << 16];
      long lines = 0;
      long read = 0;
      int count = in.read(buffer);
      while (count >= 0 && read < BYTES) {
        for (int i = 0; i < count; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
        read += count;
        count = in.read(buffer);
      }
      return count < 0 ? lines : (double) lines * channel.size() / channel.position();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static InputStream opened(FileChannel channel) throws IOException {
    InputStream raw = Channels.newInputStream(channel);
    boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
    channel.position(0);
    return gzip ? new GZIPInputStream(raw, 1 << 16) : raw;
  }
}
