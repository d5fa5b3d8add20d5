package io.condenser.text;

import io.condenser.storage.Fingerprint;

/** Ids for texts that come without: the same text has the same id wherever it occurs. */
public final class TextId {
  private static final int DIGITS = 16;

  private TextId() {}

  /** 64 bits of the text's fingerprint, as 16 hexadecimal digits. */
  public static String of(String text) {
    return new Fingerprint().add("text", text).hex().substring(0, DIGITS);
  }
}
