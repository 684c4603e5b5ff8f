package dev.tenon.spi.config;

import java.util.List;

/** Reads YAML 1.2 (and so JSON) into nodes. Offered by the kernel; thread-safe. */
public interface TextParser {
  /**
   * All documents of a text, empty ones left out.
   *
   * @param origin names the text in positions
   * @throws BadConfig with line and column when the text is no YAML, has a key twice, an alias, a tag
   *     beyond the core schema, is nested deeper than 64, or is longer than 4 MiB
   */
  List<Node> parse(String origin, String text);
}
