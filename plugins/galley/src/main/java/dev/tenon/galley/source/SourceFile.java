package dev.tenon.galley.source;

import dev.tenon.spi.config.ConfigText;
import java.util.Comparator;

/**
 * One text, and which source it lies in.
 *
 * @param source empty for galley's own directory
 * @param path below the directory, with slashes; {@code source//path} in any other source
 */
public record SourceFile(String source, String path, ConfigText content) {
  /** The directory before other sources, those by name; within one by path. */
  public static final Comparator<SourceFile> ORDER =
      Comparator.comparing(SourceFile::source).thenComparing(SourceFile::path);

  /** No path in the directory has it. */
  private static final String BETWEEN = "//";

  /** A text of galley's own directory. */
  static SourceFile inDirectory(ConfigText content) {
    return new SourceFile("", content.path(), content);
  }

  /** A text of another source. */
  static SourceFile elsewhere(String source, ConfigText content) {
    return new SourceFile(source, pathOf(source, content.path()), content);
  }

  static String pathOf(String source, String below) {
    return source + BETWEEN + below;
  }

  /** What follows the source in a path. */
  public static String below(String path) {
    int between = path.indexOf(BETWEEN);
    return between < 0 ? path : path.substring(between + BETWEEN.length());
  }

  /** The source of a path, empty for the directory. */
  public static String sourceOf(String path) {
    return path.substring(0, Math.max(0, path.indexOf(BETWEEN)));
  }

  /** How it is named in messages. */
  public String origin() {
    return content.origin();
  }
}
