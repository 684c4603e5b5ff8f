package dev.tenon.spi.rules;

/** How a text is matched; Istio's {@code StringMatch}. */
public sealed interface TextMatch {
  /** Equal. */
  record Exact(String value) implements TextMatch {}

  /** Begins with. */
  record Prefix(String value) implements TextMatch {}

  /** The whole text matches an RE2 expression; galley has compiled it once to be sure that it is one. */
  record Regex(String value) implements TextMatch {}

  /** There, whatever it says; an empty {@code StringMatch}. */
  record Present() implements TextMatch {}
}
