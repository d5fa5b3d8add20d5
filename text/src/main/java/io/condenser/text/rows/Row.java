package io.condenser.text.rows;

import tools.jackson.databind.JsonNode;

/** One row of a file. */
public sealed interface Row {
  /** A row whose values have names. */
  record Fields(JsonNode object) implements Row {}

  /** A line of text, not blank; its columns are separated by tabs. */
  record Line(String text) implements Row {
    /** What stands between the tabs, at least one column; quotes mean nothing. */
    public String[] columns() {
      return text.split("\t", -1);
    }
  }
}
