package dev.tenon.mixer.parse;

/**
 * A place within an expression, as people count.
 *
 * @param line from 1
 * @param column from 1
 */
public record Place(int line, int column) {
  /** Where an offset lies in a text. */
  public static Place of(String text, int offset) {
    int end = Math.min(offset, text.length());
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < end; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Place(line, end - lineStart + 1);
  }

  @Override
  public String toString() {
    return line + ":" + column;
  }
}
