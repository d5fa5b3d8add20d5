package io.condenser.text;

import io.condenser.storage.DType;
import io.condenser.storage.Fingerprint;
import io.condenser.storage.InputException;
import io.condenser.storage.Replacement;
import io.condenser.storage.Safetensors;
import io.condenser.storage.StoredTensor;
import io.condenser.storage.Unzipped;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A corpus as token ids, memory-mapped: documents, each of one or more spans. T tokens, S spans, N
 * documents, P documents of at least two spans. The file is safetensors:
 *
 * <ul>
 *   <li>{@code tokens} [T] U16 (I32 where the vocabulary has more than 65,536 pieces), without
 *       special tokens
 *   <li>{@code span_offsets} [S + 1] I64: span s is tokens {@code span_offsets[s]} to before {@code
 *       span_offsets[s + 1]}
 *   <li>{@code document_offsets} [N + 1] I64: document n is spans {@code document_offsets[n]} to
 *       before {@code document_offsets[n + 1]}
 *   <li>{@code paired_documents} [P] I64: the documents of at least two spans, ascending
 *   <li>metadata: {@code tokenizer} (fingerprint), {@code corpus} (fingerprint), {@code packing}
 * </ul>
 *
 * Safe for use by several threads until it is closed.
 */
public final class TokenStore implements AutoCloseable {
  static final String TOKENS = "tokens";
  static final String SPAN_OFFSETS = "span_offsets";
  static final String DOCUMENT_OFFSETS = "document_offsets";
  static final String PAIRED = "paired_documents";

  /** The largest vocabulary whose ids fit 16 bits. */
  static final int NARROW = 1 << 16;

  private static final String TOKENIZER = "tokenizer";
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfChar UNSIGNED_SHORT = ValueLayout.JAVA_CHAR_UNALIGNED;

  private final Safetensors file;
  private final StoredTensor tokens;
  private final MemorySegment spanOffsets;
  private final MemorySegment documentOffsets;
  private final MemorySegment paired;
  private final long spans;
  private final long documents;
  private final long pairedDocuments;

  private TokenStore(Safetensors file) {
    this.file = file;
    tokens = file.tensor(TOKENS);
    spans = longs(file, SPAN_OFFSETS).elements() - 1;
    documents = longs(file, DOCUMENT_OFFSETS).elements() - 1;
    pairedDocuments = longs(file, PAIRED).elements();
    spanOffsets = longs(file, SPAN_OFFSETS).data();
    documentOffsets = longs(file, DOCUMENT_OFFSETS).data();
    paired = longs(file, PAIRED).data();
    if ((tokens.dtype() != DType.U16 && tokens.dtype() != DType.I32)
        || spans < 0
        || documents < 0
        || offset(spanOffsets, spans) != tokens.elements()
        || offset(documentOffsets, documents) != spans) {
      throw InputException.in(file.file(), "not a token store, or damaged; build it again");
    }
  }

  private static StoredTensor longs(Safetensors file, String name) {
    StoredTensor tensor = file.tensor(name);
    if (tensor.dtype() != DType.I64) {
      throw InputException.in(
          file.file(), "tensor %s is %s; expected I64".formatted(name, tensor.dtype()));
    }
    return tensor;
  }

  /**
   * Tokenises a corpus and packs its sentences into spans. A document is a run of passages with the
   * same {@code doc}, else a single passage. Passages that bring {@code spans} keep them as they
   * are; the texts of the others are split into sentences and packed. Titles are left out: they
   * repeat what identifies the document, which is what its spans should be matched without.
   *
   * @param target the file to write; replaced once the new one is whole
   * @param progress told how many passages are done
   * @throws InputException if the corpus cannot be read, or holds no text
   */
  public static void build(
      Path target, Path corpus, WordPiece tokenizer, Packing packing, LongConsumer progress) {
    Unzipped.requireRereadable(corpus);
    String fingerprint = new Fingerprint().add("corpus", corpus).hex();
    Map<String, String> metadata =
        Map.of(
            TOKENIZER,
            tokenizer.fingerprint(),
            "corpus",
            fingerprint,
            "packing",
            packing.toString());
    Replacement.file(
        target,
        aside -> {
          try (TokenStoreWriter out = new TokenStoreWriter(aside, tokenizer.size());
              RecordReader<Passage> passages = Passages.open(corpus)) {
            write(passages, tokenizer, packing, out, progress);
            if (out.spans() == 0) {
              throw InputException.in(corpus, "no passage holds text to train on");
            }
            out.finish(metadata);
          }
        });
  }

  private static void write(
      RecordReader<Passage> passages,
      WordPiece tokenizer,
      Packing packing,
      TokenStoreWriter out,
      LongConsumer progress)
      throws IOException {
    SpanPacker packer = new SpanPacker(packing, out);
    Sentences sentences = new Sentences();
    @Nullable String document = null;
    long done = 0;
    for (Passage p = passages.next(); p != null; p = passages.next()) {
      if (document == null || !Objects.equals(document, p.doc())) {
        packer.close();
        out.endDocument();
      }
      document = p.doc();
      add(p, tokenizer, sentences, packer);
      progress.accept(++done);
    }
    packer.close();
    out.endDocument();
  }

  private static void add(Passage p, WordPiece tokenizer, Sentences sentences, SpanPacker packer)
      throws IOException {
    for (String span : p.spans()) {
      packer.span(tokenizer.encode(span));
    }
    List<String> packed = p.spans().isEmpty() ? sentences.of(p.text()) : List.of();
    for (String sentence : packed) {
      packer.sentence(tokenizer.encode(sentence));
    }
  }

  /**
   * Opens a store.
   *
   * @throws InputException if there is none, it is damaged, or another tokenizer made it
   */
  public static TokenStore open(Path file, WordPiece tokenizer) {
    Safetensors mapped = Safetensors.open(file);
    try {
      String maker = mapped.metadata().getOrDefault(TOKENIZER, "unknown");
      if (!maker.equals(tokenizer.fingerprint())) {
        throw InputException.in(
            file,
            "made with tokenizer %s, but the model's is %s; build it again with the model's"
                .formatted(maker, tokenizer.fingerprint()));
      }
      return new TokenStore(mapped);
    } catch (RuntimeException e) {
      mapped.close();
      throw e;
    }
  }

  /** The file's metadata: fingerprints of tokenizer and corpus, settings of the packing. */
  public Map<String, String> metadata() {
    return file.metadata();
  }

  /** N. */
  public long documents() {
    return documents;
  }

  /** S. */
  public long spans() {
    return spans;
  }

  /** T. */
  public long tokens() {
    return tokens.elements();
  }

  /** P, the documents of at least two spans. */
  public long pairedDocuments() {
    return pairedDocuments;
  }

  /** The {@code i}-th document of at least two spans, from 0 to before {@link #pairedDocuments}. */
  public long pairedDocument(long i) {
    return offset(paired, i);
  }

  /** The spans of a document, none of them empty. */
  public Spans spansOf(long document) {
    return new Spans(offset(documentOffsets, document), offset(documentOffsets, document + 1));
  }

  /**
   * Consecutive spans.
   *
   * @param first the first of them
   * @param end the one after the last
   */
  public record Spans(long first, long end) {
    /** How many. */
    public int count() {
      return Math.toIntExact(end - first);
    }
  }

  /** How many tokens a span has. */
  public int length(long span) {
    return Math.toIntExact(offset(spanOffsets, span + 1) - offset(spanOffsets, span));
  }

  /** The ids of a span, without special tokens. */
  public int[] tokens(long span) {
    long first = offset(spanOffsets, span);
    int[] ids = new int[length(span)];
    boolean narrow = tokens.dtype() == DType.U16;
    for (int i = 0; i < ids.length; i++) {
      ids[i] =
          narrow
              ? tokens.data().get(UNSIGNED_SHORT, (first + i) * Short.BYTES)
              : tokens.data().get(INT, (first + i) * Integer.BYTES);
    }
    return ids;
  }

  private static long offset(MemorySegment offsets, long i) {
    return offsets.get(LONG, i * Long.BYTES);
  }

  @Override
  public void close() {
    file.close();
  }
}
