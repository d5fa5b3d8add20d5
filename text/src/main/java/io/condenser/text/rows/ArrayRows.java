package io.condenser.text.rows;

import io.condenser.storage.InputException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** The objects of one JSON array, however large it is: one is in memory at a time. */
final class ArrayRows implements Rows {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Reads one object and leaves what follows it. */
  private static final ObjectReader OBJECT =
      JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path file;
  private final JsonParser parser;
  private long number;
  private long line = 1;

  ArrayRows(Path file, InputStream in) {
    this.file = file;
    parser = JSON.createParser(in);
    parser.nextToken(); // the bracket that told the format
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public @Nullable Row next() {
    try {
      JsonToken token = parser.nextToken();
      line = parser.currentTokenLocation().getLineNr();
      if (token == JsonToken.END_ARRAY) {
        return null;
      }
      number++;
      if (token != JsonToken.START_OBJECT) {
        throw error("expected a JSON object, found " + token);
      }
      return new Row.Fields(OBJECT.readTree(parser));
    } catch (JacksonException e) {
      long at = e.getLocation() == null ? line : e.getLocation().getLineNr();
      throw InputException.at(
          file, Math.max(at, 1), "not a JSON array of objects: " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public InputException error(String problem) {
    return InputException.at(file, line, "element " + number + ": " + problem);
  }

  @Override
  public void close() {
    parser.close();
  }
}
