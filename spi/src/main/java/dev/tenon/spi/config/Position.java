package dev.tenon.spi.config;

/**
 * Where something was written.
 *
 * @param origin a file, a resource name or another source that an operator can find
 * @param line from 1; 0 when the origin has no lines
 * @param column from 1; 0 when the origin has no columns
 */
public record Position(String origin, int line, int column) {
  /** An origin without lines. */
  public static Position of(String origin) {
    return new Position(origin, 0, 0);
  }

  @Override
  public String toString() {
    return line == 0 ? origin : origin + ":" + line + ":" + column;
  }
}
