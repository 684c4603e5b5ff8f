package dev.tenon.spi.config;

/**
 * What is to be said of configuration.
 *
 * @param severity whether it keeps the object out
 * @param code Istio's analysis code where it has one ({@code IST0101}), else one of ours ({@code
 *     TEN0001}), for looking up
 * @param at where
 * @param field the path in the object, {@code spec.http[0].route[1].weight}; empty for the object
 * @param message what is wrong and what to do, one line
 */
public record Finding(Severity severity, String code, Position at, String field, String message) {
  /** How much a finding weighs. */
  public enum Severity {
    ERROR,
    WARNING,
    INFO
  }

  @Override
  public String toString() {
    return at + ": " + severity.name().toLowerCase(java.util.Locale.ROOT) + ": "
        + (field.isEmpty() ? "" : field + ": ") + message + " [" + code + "]";
  }
}
