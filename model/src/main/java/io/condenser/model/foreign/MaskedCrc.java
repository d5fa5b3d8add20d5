package io.condenser.model.foreign;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/**
 * The checksum that LevelDB and TensorFlow store: CRC-32C, rotated right by 15 bits and shifted by
 * a constant, so that the checksum of bytes that hold checksums is a good one too.
 */
final class MaskedCrc {
  private static final int SHIFT = 0xa282ead8;

  private MaskedCrc() {}

  /** The checksum of bytes. */
  static int of(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes.byteSize(); at += 1 << 30) { // a buffer holds less than 2 GiB
      crc.update(bytes.asSlice(at, Math.min(1 << 30, bytes.byteSize() - at)).asByteBuffer());
    }
    return Integer.rotateRight((int) crc.getValue(), 15) + SHIFT;
  }
}
