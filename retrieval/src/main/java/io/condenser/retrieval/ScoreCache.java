package io.condenser.retrieval;

import io.condenser.model.RerankingModel;
import io.condenser.storage.InputException;
import io.condenser.text.CounterRandom;
import io.condenser.text.TokenPair;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cross-encoder said of pairs, kept from run to run. The file is one line of ASCII that
 * names the model's fingerprint, then records of 16 bytes, big-endian: a 64-bit hash of the pair's
 * tokens, its logit as a float, a 32-bit check of both.
 *
 * <p>Records are only ever appended, so what a killed process wrote is kept; a record that is torn
 * is dropped with what follows it. Two different pairs of n are taken for one with probability n² /
 * 2⁶⁵: one in 60,000 for 25 million. In memory a pair takes 16 to 32 bytes.
 */
public final class ScoreCache implements AutoCloseable {
  private static final String HEADER = "condenser reranker scores 1 ";
  private static final int RECORD = Long.BYTES + Float.BYTES + Integer.BYTES;

  private final FileChannel channel;
  private final ScoreTable scores = new ScoreTable();

  private ScoreCache(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens a cache, or begins one where there is no file.
   *
   * @throws InputException if the file is another model's or no cache, or another process uses it
   */
  public static ScoreCache open(Path file, RerankingModel model) {
    return open(file, model.fingerprint());
  }

  static ScoreCache open(Path file, String fingerprint) {
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        lock(channel, file);
        ScoreCache cache = new ScoreCache(channel);
        cache.read(file, (HEADER + fingerprint + "\n").getBytes(StandardCharsets.US_ASCII));
        return cache;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + file + ": " + e.getMessage(), e);
    }
  }

  /** The lock goes with the channel. */
  private static void lock(FileChannel channel, Path file) throws IOException {
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null; // held within this JVM
    }
    if (lock == null) {
      throw InputException.in(file, "another process is using this cache; wait, or take another");
    }
  }

  private void read(Path file, byte[] header) throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 1 << 16));
    byte[] found = in.readNBytes(header.length);
    long size = channel.size();
    if (size < header.length && Arrays.equals(found, Arrays.copyOf(header, found.length))) {
      channel.truncate(0); // new, or killed while its first line was written
      channel.position(0);
      write(ByteBuffer.wrap(header));
      return;
    }
    requireHeader(file, header, found);
    long whole = (size - header.length) / RECORD;
    long at = 0;
    for (; at < whole; at++) {
      long key = in.readLong();
      float score = in.readFloat();
      if (in.readInt() != check(key, score)) {
        break;
      }
      scores.put(key, score);
    }
    channel.truncate(header.length + at * RECORD);
    channel.position(channel.size());
  }

  private static void requireHeader(Path file, byte[] expected, byte[] found) {
    String text = new String(found, StandardCharsets.US_ASCII);
    if (!text.startsWith(HEADER)) {
      throw InputException.in(file, "not a cache of a reranker's scores; take another file");
    }
    if (!text.equals(new String(expected, StandardCharsets.US_ASCII))) {
      throw InputException.in(
          file,
          "holds the scores of another model, other lengths or another precision; delete it or take"
              + " another file");
    }
  }

  private static int check(long key, float score) {
    return (int) new CounterRandom(key ^ Float.floatToIntBits(score)).bits(0);
  }

  /** What a pair is kept under. */
  public static long key(TokenPair pair) {
    long hash = pair.passageFrom();
    for (int id : pair.ids()) {
      hash = new CounterRandom(hash ^ id).bits(0);
    }
    return hash;
  }

  /** Pairs in the cache. */
  public int size() {
    return scores.size();
  }

  /** A pair's logit, or NaN if it is not known. */
  public float score(TokenPair pair) {
    return scores.get(key(pair));
  }

  /** Keeps the scores of pairs; what stood for one of them before stays. */
  public void add(List<TokenPair> pairs, float[] logits) {
    ByteBuffer records = ByteBuffer.allocate(pairs.size() * RECORD);
    for (int i = 0; i < logits.length; i++) {
      long key = key(pairs.get(i));
      if (scores.put(key, logits[i])) {
        records.putLong(key).putFloat(logits[i]).putInt(check(key, logits[i]));
      }
    }
    try {
      write(records.flip());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a cache of scores: " + e.getMessage(), e);
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() {
    try (channel) {
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a cache of scores: " + e.getMessage(), e);
    }
  }
}
