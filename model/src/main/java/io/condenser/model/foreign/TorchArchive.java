package io.condenser.model.foreign;

import io.condenser.storage.InputException;
import io.condenser.storage.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A state dict that PyTorch (since 1.6) saved: a zip whose entries are stored, one folder deep:
 * {@code data.pkl}, a pickle that names the tensors, and {@code data/0}, {@code data/1}, … with the
 * bytes of their storages. The tensors are views of the mapped file.
 */
final class TorchArchive {
  private static final String PICKLE = "/data.pkl";

  private TorchArchive() {}

  /**
   * The tensors by name.
   *
   * @throws InputException if the file is no such archive, truncated, or holds more than tensors
   */
  static Map<String, StoredTensor> read(Path file, OpenFiles files) {
    MemorySegment mapped = files.map(file);
    if (!StoredZip.looksLike(mapped)) {
      throw InputException.in(
          file,
          "not a zip archive, as PyTorch writes since 1.6; load it with an older one and save it again");
    }
    Map<String, MemorySegment> entries = StoredZip.read(file.toString(), mapped);
    String root =
        entries.keySet().stream()
            .filter(name -> name.endsWith(PICKLE))
            .map(name -> name.substring(0, name.length() - PICKLE.length() + 1))
            .findFirst()
            .orElseThrow(() -> InputException.in(file, "not PyTorch's: it has no data.pkl"));
    checkByteOrder(file, entries.get(root + "byteorder"));
    Map<String, TorchPickle.View> views =
        TorchPickle.stateDict(file.toString(), entry(file, entries, root + "data.pkl"));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    views.forEach((name, view) -> {
      String storage = root + "data/" + view.storage().key();
      tensors.put(name, tensor(file, name, view, entry(file, entries, storage)));
    });
    return tensors;
  }

  private static void checkByteOrder(Path file, @Nullable MemorySegment order) {
    if (order != null && order.byteSize() == 3) { // "big"; older archives do not say
      throw InputException.in(file, "saved on a big-endian machine; expected little-endian");
    }
  }

  private static MemorySegment entry(Path file, Map<String, MemorySegment> entries, String name) {
    MemorySegment entry = entries.get(name);
    if (entry == null) {
      throw InputException.in(file, "has no entry " + name + "; damaged?");
    }
    return entry;
  }

  private static StoredTensor tensor(
      Path file, String name, TorchPickle.View view, MemorySegment storage) {
    if (!isContiguous(view)) {
      throw InputException.in(
          file,
          "tensor %s has shape %s with strides %s; save it contiguous"
              .formatted(name, view.shape(), view.strides()));
    }
    long width = view.storage().dtype().bytes();
    long elements = view.shape().stream().reduce(1L, Math::multiplyExact);
    try {
      MemorySegment data = storage.asSlice(view.offset() * width, elements * width);
      return new StoredTensor(name, view.storage().dtype(), view.shape(), data);
    } catch (IndexOutOfBoundsException e) {
      throw InputException.in(
          file,
          "tensor %s of shape %s needs more bytes than the %d of its storage; damaged"
              .formatted(name, view.shape(), storage.byteSize()),
          e);
    }
  }

  /** Row-major without gaps; the stride of a dimension of size 1 does not matter. */
  private static boolean isContiguous(TorchPickle.View view) {
    List<Long> shape = view.shape();
    if (shape.size() != view.strides().size()) {
      return false;
    }
    long expected = 1;
    for (int i = shape.size() - 1; i >= 0; i--) {
      if (shape.get(i) != 1 && view.strides().get(i) != expected) {
        return false;
      }
      expected = Math.multiplyExact(expected, shape.get(i));
    }
    return true;
  }
}
