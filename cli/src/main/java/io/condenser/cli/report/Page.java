package io.condenser.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The frame of a page. It is XML as well as HTML, loads nothing (its own policy forbids it), and
 * follows the reader's preference for light or dark.
 */
public final class Page {
  private Page() {}

  /**
   * A whole page.
   *
   * @param title plain text
   * @param lead the first sentence, plain text
   * @param sections HTML
   */
  public static String html(String title, String lead, String sections) {
    String head =
        "<meta charset=\"utf-8\"/>"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
            + "<meta name=\"color-scheme\" content=\"light dark\"/>"
            + "<meta http-equiv=\"Content-Security-Policy\""
            + " content=\"default-src 'none'; style-src 'unsafe-inline'\"/>"
            + Html.element("title", "", Html.text(title))
            + Html.element("style", "", style());
    return "<!DOCTYPE html>\n<html lang=\"en\"><head>"
        + head
        + "</head>\n<body><main>\n"
        + Html.element("h1", "", Html.text(title))
        + Html.element("p", "class=\"lead\"", Html.text(lead))
        + sections
        + "</main></body></html>\n";
  }

  private static String style() {
    try (InputStream css = Page.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new IllegalStateException("report.css is missing from the jar");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A section; nothing if there is nothing to say in it. */
  public static String section(String heading, String html) {
    return html.isEmpty()
        ? ""
        : Html.element("section", "", Html.element("h2", "", heading) + html) + "\n";
  }

  /** Figures side by side. */
  public static String grid(String figures) {
    return Html.element("div", "class=\"grid-of-charts\"", figures);
  }

  /** What is unfolded on a click. */
  public static String folded(String summary, String html) {
    return Html.element("details", "", Html.element("summary", "", summary) + html);
  }

  /** A table that scrolls by itself where the page is narrow. */
  public static String scrolled(String table) {
    return Html.element("div", "class=\"scroll\"", table);
  }
}
