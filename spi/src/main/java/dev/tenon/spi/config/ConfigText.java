package dev.tenon.spi.config;

import java.time.Instant;
import java.util.List;

/**
 * One text of configuration: YAML or JSON, of any number of objects.
 *
 * @param path unique in its source, 1 to 1024 characters, no control characters
 * @param origin how it is named in messages
 * @param text at most 4 MiB; empty when it could not be read
 * @param problems why it could not be read; what was in force of it stays then
 * @param changed when it was last written, as far as the source knows
 */
public record ConfigText(String path, String origin, String text, List<Finding> problems, Instant changed) {
  public ConfigText {
    problems = List.copyOf(problems);
  }

  /** A text that could be read. */
  public static ConfigText of(String path, String origin, String text, Instant changed) {
    return new ConfigText(path, origin, text, List.of(), changed);
  }
}
