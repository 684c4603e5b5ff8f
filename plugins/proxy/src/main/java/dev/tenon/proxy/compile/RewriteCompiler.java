package dev.tenon.proxy.compile;

import com.google.re2j.Pattern;
import dev.tenon.wire.xds.v1.RegexMatchAndSubstitute;

/** Compiles what becomes of a path. */
final class RewriteCompiler {
  private RewriteCompiler() {}

  static PathRewrite path(dev.tenon.wire.xds.v1.RouteAction action, RouteMatch match) {
    if (!action.getPrefixRewrite().isEmpty() && action.hasRegexRewrite()) {
      throw new Unusable("regex_rewrite", "only one of it and prefix_rewrite may be given");
    }
    if (action.hasRegexRewrite()) {
      return Unusable.in("regex_rewrite", () -> regex(action.getRegexRewrite()));
    }
    return prefix("prefix_rewrite", action.getPrefixRewrite(), match);
  }

  /** Replaces what matched: a regular expression always matched the whole path. */
  static PathRewrite prefix(String field, String replacement, RouteMatch match) {
    if (replacement.isEmpty()) {
      return new PathRewrite.Keep();
    }
    String checked = Unusable.in(field, () -> pathText(replacement));
    return match.path() instanceof PathMatch.Regex
        ? new PathRewrite.Whole(checked)
        : new PathRewrite.Prefix(checked);
  }

  static PathRewrite regex(RegexMatchAndSubstitute rewrite) {
    Pattern pattern = Unusable.in("pattern", () -> Patterns.compile(rewrite.getPattern()));
    return new PathRewrite.Regex(
        pattern, Unusable.in("substitution", () -> substitution(rewrite.getSubstitution(), pattern.groupCount())));
  }

  /** A path without query and fragment, which would take the place of the request's. */
  static String pathText(String path) {
    Values.headText(path);
    if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0 || path.indexOf(' ') >= 0) {
      throw new Unusable("", "\"" + path + "\" has more in it than a path");
    }
    return path;
  }

  /** From RE2's form, {@code \1} and {@code \\}, to that of re2j, {@code $1} and {@code \\}. */
  private static String substitution(String given, int groups) {
    pathText(given);
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < given.length(); i++) {
      char c = given.charAt(i);
      if (c == '$') {
        result.append("\\$");
      } else if (c != '\\') {
        result.append(c);
      } else {
        i++;
        result.append(escaped(given, i, groups));
      }
    }
    return result.toString();
  }

  private static String escaped(String given, int at, int groups) {
    char c = at < given.length() ? given.charAt(at) : ' ';
    if (c == '\\') {
      return "\\\\";
    }
    if (c < '0' || c > '9') {
      throw new Unusable("", "after a backslash there must be a backslash or a digit");
    }
    if (c - '0' > groups) {
      throw new Unusable("", "\\" + c + " is a group that the pattern does not have");
    }
    if (at + 1 < given.length() && Character.isDigit(given.charAt(at + 1))) {
      throw new Unusable("", "a digit right after \\" + c + " is not carried out by this proxy");
    }
    return "$" + c;
  }
}
