package io.condenser.cli.report;

import java.util.Locale;

/** Pieces of HTML and SVG; every text from outside goes through {@link #text}. */
public final class Html {
  private Html() {}

  /** A text as it stands between tags or in a quoted attribute; control characters are dropped. */
  public static String text(String plain) {
    StringBuilder html = new StringBuilder(plain.length());
    plain
        .codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> html.append("&amp;");
            case '<' -> html.append("&lt;");
            case '>' -> html.append("&gt;");
            case '"' -> html.append("&quot;");
            case '\'' -> html.append("&#39;");
            default -> {
              boolean printed = c >= 0x20 || c == '\n' || c == '\t';
              if (printed && c != 0xFFFE && c != 0xFFFF && (c < 0xD800 || c > 0xDFFF)) {
                html.appendCodePoint(c);
              }
            }
          }
        });
    return html.toString();
  }

  /** An element around HTML. */
  public static String element(String tag, String attributes, String html) {
    String space = attributes.isEmpty() ? "" : " ";
    return "<" + tag + space + attributes + ">" + html + "</" + tag + ">";
  }

  /** A coordinate in pixels. */
  static String px(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /**
   * A number for people: four significant digits, thousands apart, tiny ones in scientific form.
   */
  static String number(double value) {
    double size = Math.abs(value);
    if (value == 0) {
      return "0";
    }
    if (size < 0.001) {
      return String.format(Locale.ROOT, "%.2g", value).replaceFirst("e-0?", "e−");
    }
    if (size >= 1000 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    int decimals = size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.replaceFirst("\\.?0+$", "");
  }
}
