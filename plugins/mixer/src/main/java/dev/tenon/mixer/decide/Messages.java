package dev.tenon.mixer.decide;

import org.jspecify.annotations.Nullable;

/** What a caller is told: one line, bounded. */
final class Messages {
  /** The longest message, in characters. */
  static final int MAX_LENGTH = 1024;

  private Messages() {}

  static String of(@Nullable String message) {
    String said = message == null ? "" : message;
    int end = Math.min(said.length(), MAX_LENGTH);
    StringBuilder line = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = said.charAt(i);
      line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
    }
    if (end > 0 && Character.isHighSurrogate(line.charAt(end - 1))) {
      line.setLength(end - 1);
    }
    return line.toString();
  }
}
