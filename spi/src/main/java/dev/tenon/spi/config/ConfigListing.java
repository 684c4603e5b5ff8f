package dev.tenon.spi.config;

import java.util.List;

/**
 * What lies in a source of configuration.
 *
 * @param texts each of its own path; at most 10,000, and 64 MiB in all
 * @param whole whether that is everything; what is missing from a listing that is not whole may still
 *     be there, and stays in force
 * @param problems of the source itself; at least one when it is not whole
 */
public record ConfigListing(List<ConfigText> texts, boolean whole, List<Finding> problems) {
  public ConfigListing {
    texts = List.copyOf(texts);
    problems = List.copyOf(problems);
  }

  /** Everything there is. */
  public static ConfigListing of(List<ConfigText> texts) {
    return new ConfigListing(texts, true, List.of());
  }

  /**
   * The same, from a source that lost its place.
   *
   * @param origin how the place is named in messages
   * @param reason what an operator should know, one line
   */
  public ConfigListing lost(String origin, String reason) {
    return new ConfigListing(
        texts, false, List.of(new Finding(Finding.Severity.ERROR, "TEN0100", Position.of(origin), "", reason)));
  }
}
