package io.condenser.text.rows;

import java.util.ArrayList;
import java.util.List;

/** A list of strings as Python writes it, {@code ["a", 'b']}, with Python's escapes. */
public final class PythonList {
  private final String text;
  private int at;

  private PythonList(String text) {
    this.text = text;
  }

  /**
   * Reads a list of strings; a JSON array of strings is one.
   *
   * @throws IllegalArgumentException if the text is anything else, saying where
   */
  public static List<String> parse(String text) {
    return new PythonList(text).list();
  }

  private List<String> list() {
    List<String> strings = new ArrayList<>();
    blanks();
    expect('[');
    blanks();
    while (peek() != ']') {
      strings.add(string());
      blanks();
      if (peek() == ',') {
        at++;
        blanks();
      } else if (peek() != ']') {
        throw wrong("expected , or ]");
      }
    }
    at++;
    blanks();
    if (at < text.length()) {
      throw wrong("expected nothing after the list");
    }
    return strings;
  }

  private String string() {
    char quote = peek();
    if (quote != '"' && quote != '\'') {
      throw wrong("expected a text in quotes");
    }
    at++;
    StringBuilder string = new StringBuilder();
    while (peek() != quote) {
      if (peek() == '\\') {
        at++;
        escape(string);
      } else {
        string.append(text.charAt(at++));
      }
    }
    at++;
    return string.toString();
  }

  private void escape(StringBuilder string) {
    char c = peek();
    at++;
    switch (c) {
      case '\\', '\'', '"' -> string.append(c);
      case 'n' -> string.append('\n');
      case 't' -> string.append('\t');
      case 'r' -> string.append('\r');
      case 'b' -> string.append('\b');
      case 'f' -> string.append('\f');
      case 'x' -> string.appendCodePoint(hex(2));
      case 'u' -> string.append((char) hex(4));
      case 'U' -> string.appendCodePoint(hex(8));
      default -> string.append('\\').append(c); // as Python keeps what is no escape
    }
  }

  private int hex(int digits) {
    if (at + digits > text.length()) {
      throw wrong("expected %d hexadecimal digits".formatted(digits));
    }
    try {
      int code = Integer.parseInt(text, at, at + digits, 16);
      if (!Character.isValidCodePoint(code)) {
        throw wrong("expected a character's number");
      }
      at += digits;
      return code;
    } catch (NumberFormatException e) {
      throw wrong("expected %d hexadecimal digits".formatted(digits));
    }
  }

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private void expect(char c) {
    if (peek() != c) {
      throw wrong("expected " + c);
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw wrong("the list does not end");
    }
    return text.charAt(at);
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("at character %d: %s".formatted(at + 1, what));
  }
}
