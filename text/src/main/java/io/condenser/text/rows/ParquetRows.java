package io.condenser.text.rows;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqStruct;
import dev.hardwood.row.StructAccessor;
import io.condenser.storage.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The rows of a Parquet file, as Hugging Face keeps data sets: texts, numbers, lists, structs. */
final class ParquetRows implements Rows {
  private static final JsonNodeFactory NODES = JsonMapper.shared().getNodeFactory();

  private final Path file;
  private final ParquetFileReader parquet;
  private final RowReader rows;
  private long number;

  ParquetRows(Path file) {
    this.file = file;
    try {
      parquet = ParquetFileReader.open(InputFile.of(file));
      rows = parquet.rowReader();
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
  }

  private InputException unreadable(Exception e) {
    return InputException.in(
        file,
        ("cannot be read as Parquet (%s); convert it to JSON lines, for example with"
                + " duckdb -c \"COPY '%s' TO 'out.jsonl' (FORMAT json)\"")
            .formatted(e.getMessage(), file.getFileName()),
        e);
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public @Nullable Row next() {
    try {
      if (!rows.hasNext()) {
        return null;
      }
      rows.next();
      number++;
      return new Row.Fields(object(rows));
    } catch (RuntimeException e) {
      throw unreadable(e);
    }
  }

  private static ObjectNode object(StructAccessor struct) {
    ObjectNode object = NODES.objectNode();
    for (int i = 0; i < struct.getFieldCount(); i++) {
      object.set(struct.getFieldName(i), node(struct.getValue(i)));
    }
    return object;
  }

  private static JsonNode node(@Nullable Object value) {
    return switch (value) {
      case null -> NODES.nullNode();
      case String text -> NODES.stringNode(text);
      case byte[] bytes -> NODES.stringNode(new String(bytes, StandardCharsets.UTF_8));
      case Integer whole -> NODES.numberNode(whole);
      case Long whole -> NODES.numberNode(whole);
      case Float number -> NODES.numberNode(number);
      case Double number -> NODES.numberNode(number);
      case Boolean truth -> NODES.booleanNode(truth);
      case PqList list -> array(list);
      case PqStruct struct -> object(struct);
      default -> NODES.stringNode(value.toString());
    };
  }

  private static ArrayNode array(PqList list) {
    ArrayNode array = NODES.arrayNode();
    for (Object element : list.values()) {
      array.add(node(element));
    }
    return array;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public InputException error(String problem) {
    return InputException.in(file, "row " + number + ": " + problem);
  }

  @Override
  public void close() {
    rows.close();
    try {
      parquet.close();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
