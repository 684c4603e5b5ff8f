package dev.tenon.spi.config;

import java.util.List;

/** Configuration that cannot be used, with everything that is wrong with it. */
public final class BadConfig extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<Finding> findings;

  public BadConfig(List<Finding> findings) {
    super(String.join("\n", findings.stream().map(Finding::toString).toList()));
    this.findings = List.copyOf(findings);
  }

  /** At least one error; the message holds a line for each. */
  public List<Finding> findings() {
    return findings;
  }
}
