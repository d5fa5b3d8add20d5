package io.condenser.text;

import io.condenser.storage.DType;
import io.condenser.storage.SafetensorsWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link TokenStore} as spans come: tokens go straight to the file, offsets to files of
 * their own beside it until their turn comes.
 */
final class TokenStoreWriter implements SpanPacker.Sink, AutoCloseable {
  private final SafetensorsWriter out;
  private final boolean narrow;
  private final Spool spanOffsets;
  private final Spool documentOffsets;
  private final Spool paired;
  private long tokens;
  private long spans;
  private long documents;
  private long spansBefore; // those of the documents that are ended

  TokenStoreWriter(Path file, int vocabulary) throws IOException {
    narrow = vocabulary <= TokenStore.NARROW;
    out = new SafetensorsWriter(file);
    spanOffsets = new Spool(file.resolveSibling(file.getFileName() + ".spans"));
    documentOffsets = new Spool(file.resolveSibling(file.getFileName() + ".documents"));
    paired = new Spool(file.resolveSibling(file.getFileName() + ".paired"));
    spanOffsets.add(0);
    documentOffsets.add(0);
    out.begin(TokenStore.TOKENS, narrow ? DType.U16 : DType.I32);
  }

  @Override
  public void span(int[] pieces) throws IOException {
    for (int piece : pieces) {
      if (narrow) {
        out.putShort(piece);
      } else {
        out.putInt(piece);
      }
    }
    tokens += pieces.length;
    spans++;
    spanOffsets.add(tokens);
  }

  /** Ends a document; one without spans is left out. */
  void endDocument() throws IOException {
    if (spans - spansBefore >= 2) {
      paired.add(documents);
    }
    if (spans > spansBefore) {
      documents++;
      documentOffsets.add(spans);
      spansBefore = spans;
    }
  }

  long spans() {
    return spans;
  }

  /** Writes what is left; the file is whole then. */
  void finish(Map<String, String> metadata) throws IOException {
    out.end(tokens);
    spanOffsets.moveTo(TokenStore.SPAN_OFFSETS, out);
    documentOffsets.moveTo(TokenStore.DOCUMENT_OFFSETS, out);
    paired.moveTo(TokenStore.PAIRED, out);
    out.finish(metadata);
  }

  @Override
  public void close() throws IOException {
    try (out;
        spanOffsets;
        documentOffsets;
        paired) {
      // closes all of them, whatever happens to one
    }
  }

  /** Numbers that wait in a file, which goes when this is closed. */
  private static final class Spool implements AutoCloseable {
    private final Path file;
    private @Nullable DataOutputStream out;
    private long size;

    Spool(Path file) throws IOException {
      this.file = file;
      out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    }

    void add(long number) throws IOException {
      if (out == null) {
        throw new IllegalStateException("moved already");
      }
      out.writeLong(number);
      size++;
    }

    void moveTo(String tensor, SafetensorsWriter target) throws IOException {
      closeOut();
      target.begin(tensor, DType.I64);
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
        for (long i = 0; i < size; i++) {
          target.putLong(in.readLong());
        }
      } catch (EOFException e) {
        throw new IOException(file + " was cut off while it was in use", e);
      }
      target.end(size);
    }

    private void closeOut() throws IOException {
      if (out != null) {
        out.close();
        out = null;
      }
    }

    @Override
    public void close() throws IOException {
      try {
        closeOut();
      } finally {
        Files.deleteIfExists(file);
      }
    }
  }
}
