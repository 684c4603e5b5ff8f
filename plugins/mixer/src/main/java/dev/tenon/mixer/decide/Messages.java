package dev.tenon.mixer.decide;

import org.jspecify.annotations.Nullable;

/** What a caller is told: {@code handler:message}, one line, bounded. */
final class Messages {
  /** The longest message, in characters. */
  static final int MAX_LENGTH = 1024;

  private Messages() {}

  static String of(String handler, @Nullable String message) {
    String said = message == null ? "" : message;
    int end = Math.min(said.length(), MAX_LENGTH);
    StringBuilder line = new StringBuilder(handler.length() + 1 + end).append(handler).append(':');
    for (int i = 0; i < end; i++) {
      char c = said.charAt(i);
      line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
    }
    if (line.length() > MAX_LENGTH) {
      line.setLength(MAX_LENGTH);
    }
    if (Character.isHighSurrogate(line.charAt(line.length() - 1))) {
      line.setLength(line.length() - 1);
    }
    return line.toString();
  }
}
