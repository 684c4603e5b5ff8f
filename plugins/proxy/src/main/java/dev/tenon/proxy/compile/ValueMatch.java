package dev.tenon.proxy.compile;

import com.google.re2j.Pattern;

/** How the value of a header or of a query parameter is matched; {@code StringMatcher}. */
public sealed interface ValueMatch {
  /** Equals. */
  record Exact(String value, boolean ignoreCase) implements ValueMatch {}

  /** Begins with. */
  record Prefix(String value, boolean ignoreCase) implements ValueMatch {}

  /** Ends with. */
  record Suffix(String value, boolean ignoreCase) implements ValueMatch {}

  /** Has it somewhere. */
  record Contains(String value, boolean ignoreCase) implements ValueMatch {}

  /** Matches as a whole. A value that is not UTF-8 never does, inverted or not. */
  record Regex(Pattern pattern) implements ValueMatch {}

  /** Is there, or is not. */
  record Present(boolean present) implements ValueMatch {}
}
