package io.condenser.model.foreign;

import io.condenser.storage.InputException;
import io.condenser.storage.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The mapped files and the memory outside the heap that the tensors of one checkpoint view. */
final class OpenFiles implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final List<Safetensors> safetensors = new ArrayList<>();

  /** Memory that lives until {@link #close}. */
  Arena arena() {
    return arena;
  }

  /** Opens a safetensors file until {@link #close}. */
  Safetensors safetensors(Path file) {
    Safetensors opened = Safetensors.open(file);
    safetensors.add(opened);
    return opened;
  }

  /** Maps a whole file until {@link #close}. */
  MemorySegment map(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (NoSuchFileException e) {
      throw InputException.in(file, "no such file", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    safetensors.forEach(Safetensors::close);
    arena.close();
  }
}
