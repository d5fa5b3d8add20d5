package io.condenser.text.rows;

import io.condenser.storage.InputException;
import io.condenser.storage.Lines;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * TREC topics: {@code <top> <num> Number: 301 <title> a few words … </top>}, tags closed or not.
 * Number and title become id and text; description and narrative are left out.
 */
final class TopicRows implements Rows {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern NUMBER = field("num", "(?:Number\\s*:)?");
  private static final Pattern TITLE = field("title", "(?:Topic\\s*:)?");

  private final Lines lines;

  TopicRows(Lines lines) {
    this.lines = lines;
  }

  /** What stands between a tag and the next one, without the label that old topics have there. */
  private static Pattern field(String tag, String label) {
    return Pattern.compile("<" + tag + ">\\s*" + label + "([^<]*)");
  }

  @Override
  public Path file() {
    return lines.file();
  }

  @Override
  public @Nullable Row next() {
    StringBuilder topic = new StringBuilder();
    for (String line = lines.next(); line != null; line = lines.next()) {
      topic.append(line).append('\n');
      if (line.contains("</top>")) {
        String text = topic.toString();
        return new Row.Fields(
            JSON.createObjectNode()
                .put("_id", found(NUMBER, text, "<num>"))
                .put("text", found(TITLE, text, "<title>")));
      }
    }
    if (!topic.toString().isBlank()) {
      throw lines.error("the last topic has no </top>; is the file cut off?");
    }
    return null;
  }

  private String found(Pattern field, String topic, String tag) {
    Matcher matcher = field.matcher(topic);
    if (!matcher.find()) {
      throw lines.error("the topic that ends here has no " + tag);
    }
    return matcher.group(1).strip().replaceAll("\\s+", " ");
  }

  @Override
  public long number() {
    return lines.number();
  }

  @Override
  public InputException error(String problem) {
    return lines.error(problem);
  }

  @Override
  public void close() {
    lines.close();
  }
}
