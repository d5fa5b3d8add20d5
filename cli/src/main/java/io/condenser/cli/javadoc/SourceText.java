package io.condenser.cli.javadoc;

import java.net.URI;
import java.net.URISyntaxException;
import javax.tools.SimpleJavaFileObject;

/** A Java file in memory, as the compiler wants it. */
final class SourceText extends SimpleJavaFileObject {
  private final String file;
  private final String text;

  SourceText(String file, String text) {
    super(uri(file), Kind.SOURCE);
    this.file = file;
    this.text = text;
  }

  private static URI uri(String file) {
    try {
      return new URI("memory", null, "/" + file, null); // quotes what a URI cannot hold
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no name for a file: " + file, e);
    }
  }

  /** The name it goes by in members and errors. */
  String file() {
    return file;
  }

  String text() {
    return text;
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return text;
  }
}
