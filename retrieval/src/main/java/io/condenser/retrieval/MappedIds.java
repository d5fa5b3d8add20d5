package io.condenser.retrieval;

import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The lines of {@code ids.txt}, memory-mapped: 8 bytes of heap an id, whatever its length. Each
 * line ends with {@code \n}.
 */
final class MappedIds implements AutoCloseable {
  private final Arena arena;
  private final MemorySegment bytes;

  /** Where each line begins, and the end of the file. */
  private final long[] starts;

  private MappedIds(Arena arena, MemorySegment bytes, long[] starts) {
    this.arena = arena;
    this.bytes = bytes;
    this.starts = starts;
  }

  /**
   * Maps a file of so many lines.
   *
   * @throws InputException if there is no such file, or it has another number of lines
   */
  @SuppressWarnings("MustBeClosedChecker") // the arena is closed by close()
  static MappedIds open(Path file, int count) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedIds(arena, bytes, starts(file, bytes, count));
    } catch (NoSuchFileException e) {
      arena.close();
      throw InputException.in(file, "no such file; an embedding folder has one", e);
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static long[] starts(Path file, MemorySegment bytes, int count) {
    long[] starts = new long[count + 1];
    long size = bytes.byteSize();
    int lines = 0;
    for (long at = 0; at < size; at++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, at) == '\n') {
        if (++lines > count) {
          break;
        }
        starts[lines] = at + 1;
      }
    }
    if (lines != count || starts[count] != size) {
      throw InputException.in(
          file, "does not hold one id for each of the %d embeddings, a line each".formatted(count));
    }
    return starts;
  }

  /** The id of a row, 0 being the first. */
  String get(int row) {
    long length = starts[row + 1] - 1 - starts[row];
    byte[] line = bytes.asSlice(starts[row], length).toArray(ValueLayout.JAVA_BYTE);
    return new String(line, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    arena.close();
  }
}
