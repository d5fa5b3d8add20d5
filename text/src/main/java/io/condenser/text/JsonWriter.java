package io.condenser.text;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Writes JSON objects one after the other, as JSON lines or as one array. */
public final class JsonWriter implements AutoCloseable {
  private final BufferedWriter out;
  private final boolean array;
  private boolean empty = true;

  private JsonWriter(BufferedWriter out, boolean array) throws IOException {
    this.out = out;
    this.array = array;
    if (array) {
      out.write("[");
    }
  }

  /** Starts a file with an object on each line. */
  public static JsonWriter lines(Path file) throws IOException {
    return new JsonWriter(Files.newBufferedWriter(file), false);
  }

  /** Starts a file that is one array, with an object on each line of it. */
  public static JsonWriter array(Path file) throws IOException {
    return new JsonWriter(Files.newBufferedWriter(file), true);
  }

  /** Writes the next object. */
  public void write(JsonNode object) throws IOException {
    if (array) {
      out.write(empty ? "\n" : ",\n");
    }
    out.write(object.toString());
    if (!array) {
      out.write('\n');
    }
    empty = false;
  }

  @Override
  public void close() throws IOException {
    try (out) {
      if (array) {
        out.write("\n]\n");
      }
    }
  }
}
