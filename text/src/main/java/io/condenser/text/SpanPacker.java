package io.condenser.text;

import java.io.IOException;
import java.util.Arrays;

/**
 * Packs the sentences of one document after another into spans. A sentence is broken only where it
 * is longer than a span may be.
 */
final class SpanPacker {
  private final Packing packing;
  private final Sink sink;
  private final int[] pieces;
  private int count;
  private int target;
  private long spans;

  /** Takes finished spans. */
  interface Sink {
    void span(int[] pieces) throws IOException;
  }

  SpanPacker(Packing packing, Sink sink) {
    this.packing = packing;
    this.sink = sink;
    pieces = new int[packing.length() - Packing.SPECIALS];
    target = packing.target(0);
  }

  /** Adds a sentence of the open document. */
  void sentence(int[] sentence) throws IOException {
    for (int from = 0; from < sentence.length; from += pieces.length) {
      int length = Math.min(pieces.length, sentence.length - from);
      if (count + length > target) {
        close();
      }
      System.arraycopy(sentence, from, pieces, count, length);
      count += length;
    }
  }

  /** Adds a span that the document brings itself, however long. */
  void span(int[] span) throws IOException {
    close();
    if (span.length > 0) {
      emit(span);
    }
  }

  /** Ends the open span, as at the end of a document. */
  void close() throws IOException {
    if (count > 0) {
      emit(Arrays.copyOf(pieces, count));
      count = 0;
    }
  }

  private void emit(int[] span) throws IOException {
    sink.span(span);
    spans++;
    target = packing.target(spans);
  }
}
