package io.condenser.training.workers;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * How a worker introduces itself to the first.
 *
 * @param rank its number
 * @param count of how many
 * @param configuration everything that decides the result, as text
 */
record Greeting(int rank, int count, String configuration) {
  /** Tells a worker from whoever else may knock at a port. */
  private static final long MAGIC = 0x636f6e64656e7365L; // "condense"

  void write(DataOutputStream out) throws IOException {
    out.writeLong(MAGIC);
    out.writeInt(rank);
    out.writeInt(count);
    out.writeUTF(configuration);
    out.flush();
  }

  /** Reads one; fails if it is none. */
  static Greeting read(DataInputStream in) throws IOException {
    if (in.readLong() != MAGIC) {
      throw new IOException("not a worker");
    }
    return new Greeting(in.readInt(), in.readInt(), in.readUTF());
  }
}
