package io.condenser.cli.dataset;

import io.condenser.storage.InputException;
import io.condenser.text.Passage;
import io.condenser.text.Passages;
import io.condenser.text.RecordReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The passages of a corpus that are wanted, in any order: they wait in a temporary file, only their
 * ids and places are held.
 */
final class StoredPassages implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path corpus;
  private final Path file;
  private final FileChannel channel;
  private final Map<String, Place> places;

  private record Place(long at, int length) {}

  private StoredPassages(Path corpus, Path file, FileChannel channel, Map<String, Place> places) {
    this.corpus = corpus;
    this.file = file;
    this.channel = channel;
    this.places = places;
  }

  /** Reads the corpus once. */
  static StoredPassages read(Path corpus, Set<String> wanted) throws IOException {
    Path file = Files.createTempFile("condenser", ".passages");
    Map<String, Place> places = new HashMap<>();
    try (RecordReader<Passage> passages = Passages.open(corpus);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      long at = 0;
      for (Passage p = passages.next(); p != null; p = passages.next()) {
        if (wanted.contains(p.id())) {
          byte[] bytes = Passages.json(whole(p)).toString().getBytes(StandardCharsets.UTF_8);
          out.write(bytes);
          places.put(p.id(), new Place(at, bytes.length));
          at += bytes.length;
        }
      }
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return new StoredPassages(corpus, file, FileChannel.open(file), places);
  }

  /** Spans that make up a document become its text. */
  private static Passage whole(Passage p) {
    return new Passage(p.id(), p.title(), p.body(), null, List.of());
  }

  /**
   * A wanted passage, as title and text.
   *
   * @throws InputException if the corpus does not hold it
   */
  Passage get(String id) throws IOException {
    Place place = places.get(id);
    if (place == null) {
      throw InputException.in(
          corpus, "has no passage '%s'; use the corpus that the ids are of".formatted(id));
    }
    ByteBuffer bytes = ByteBuffer.allocate(place.length());
    while (bytes.hasRemaining() && channel.read(bytes, place.at() + bytes.position()) >= 0) {}
    JsonNode node = JSON.readTree(bytes.array());
    String text = node.path("text").asString("");
    return new Passage(id, node.path("title").asString(""), text, null, List.of());
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}
