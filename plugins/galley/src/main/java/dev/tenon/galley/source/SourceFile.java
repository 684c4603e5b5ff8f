package dev.tenon.galley.source;

import dev.tenon.spi.config.Finding;
import java.util.List;

/**
 * One file as it was found.
 *
 * @param path below the directory, with slashes
 * @param origin how it is named in messages
 * @param stamp differs when the file may have changed
 * @param text its content; empty when it could not be read
 * @param problems why it could not be read
 * @param changedMillis when it was last written, since 1970
 */
public record SourceFile(
    String path, String origin, Object stamp, String text, List<Finding> problems, long changedMillis) {
  public SourceFile {
    problems = List.copyOf(problems);
  }
}
