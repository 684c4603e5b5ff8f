package dev.tenon.proxy.compile;

import com.google.re2j.Pattern;

/** How a path is matched, its query left out. */
public sealed interface PathMatch {
  /** Begins with. */
  record Prefix(String value, boolean ignoreCase) implements PathMatch {}

  /** Begins with whole segments: {@code /a} matches {@code /a} and {@code /a/b}, not {@code /ab}. */
  record Segments(String value, boolean ignoreCase) implements PathMatch {}

  /** Equals. */
  record Exact(String value, boolean ignoreCase) implements PathMatch {}

  /** The whole path matches. */
  record Regex(Pattern pattern) implements PathMatch {}
}
