package io.condenser.training;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Scalars as TensorBoard reads them: records of {@code length (8 bytes), masked CRC-32C of it,
 * data, masked CRC-32C of the data}, all little-endian, the data being a protocol-buffer {@code
 * Event} (wall_time = 1, step = 2, file_version = 3, summary = 5 with value = 1 of tag = 1 and
 * simple_value = 2).
 */
final class TensorBoardEvents implements AutoCloseable {
  private final Path file;
  private final OutputStream out;

  private TensorBoardEvents(Path file) throws IOException {
    this.file = file;
    out = Files.newOutputStream(file);
  }

  /** Starts a file in {@code folder}; TensorBoard overlays the files of one folder by step. */
  static TensorBoardEvents create(Path folder, long firstStep) throws IOException {
    Files.createDirectories(folder);
    long seconds = System.currentTimeMillis() / 1000;
    TensorBoardEvents events =
        new TensorBoardEvents(
            folder.resolve("events.out.tfevents.%d.%d".formatted(seconds, firstStep)));
    events.record(event(0).field(3, "brain.Event:2".getBytes(StandardCharsets.US_ASCII)).bytes());
    return events;
  }

  void scalar(long step, String tag, double value) {
    Message scalar =
        new Message().field(1, tag.getBytes(StandardCharsets.UTF_8)).field(2, (float) value);
    record(event(step).field(5, new Message().field(1, scalar.bytes()).bytes()).bytes());
  }

  private static Message event(long step) {
    return new Message().field(1, System.currentTimeMillis() / 1000.0).varintField(2, step);
  }

  private void record(byte[] data) {
    byte[] length =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length).array();
    try {
      out.write(length);
      out.write(checksum(length));
      out.write(data);
      out.write(checksum(data));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** CRC-32C, rotated and shifted as the format asks. */
  private static byte[] checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int value = (int) crc.getValue();
    int masked = Integer.rotateRight(value, 15) + 0xa282ead8;
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(masked).array();
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** A protocol-buffer message being written. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message varintField(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message field(int field, double value) {
      varint(((long) field << 3) | 1);
      bytes.writeBytes(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
      return this;
    }

    Message field(int field, float value) {
      varint(((long) field << 3) | 5);
      bytes.writeBytes(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
      return this;
    }

    Message field(int field, byte[] value) {
      varint(((long) field << 3) | 2);
      varint(value.length);
      bytes.writeBytes(value);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        bytes.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
