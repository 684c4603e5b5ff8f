package dev.tenon.proxy.compile;

import com.google.re2j.Pattern;

/** What becomes of a path; the query is kept. */
public sealed interface PathRewrite {
  /** Stays as it is. */
  record Keep() implements PathRewrite {}

  /** The part that the route's prefix or exact path matched is replaced. */
  record Prefix(String replacement) implements PathRewrite {}

  /** The whole path is replaced. */
  record Whole(String replacement) implements PathRewrite {}

  /**
   * Every match of a pattern is replaced; {@code regex_rewrite}.
   *
   * @param substitution in re2j's form, {@code $1}
   */
  record Regex(Pattern pattern, String substitution) implements PathRewrite {}
}
