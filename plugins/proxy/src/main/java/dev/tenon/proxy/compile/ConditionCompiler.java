package dev.tenon.proxy.compile;

import dev.tenon.wire.xds.v1.HeaderMatcher;
import dev.tenon.wire.xds.v1.QueryParameterMatcher;
import dev.tenon.wire.xds.v1.RouteMatch.PathSpecifierCase;
import dev.tenon.wire.xds.v1.StringMatcher;
import java.util.Locale;

/** Compiles the conditions of a route: path, headers, query parameters. */
final class ConditionCompiler {
  private static final String AUTHORITY = ":authority";

  private ConditionCompiler() {}

  static RouteMatch match(dev.tenon.wire.xds.v1.RouteMatch match) {
    return new RouteMatch(
        path(match),
        Unusable.each("headers", match.getHeadersList(), ConditionCompiler::header),
        Unusable.each("query_parameters", match.getQueryParametersList(), ConditionCompiler::query));
  }

  private static PathMatch path(dev.tenon.wire.xds.v1.RouteMatch match) {
    boolean ignoreCase = match.hasCaseSensitive() && !match.getCaseSensitive().getValue();
    PathSpecifierCase kind = match.getPathSpecifierCase();
    return switch (kind) {
      case PREFIX -> new PathMatch.Prefix(match.getPrefix(), ignoreCase);
      case PATH -> new PathMatch.Exact(match.getPath(), ignoreCase);
      case PATH_SEPARATED_PREFIX -> segments(match.getPathSeparatedPrefix(), ignoreCase);
      case SAFE_REGEX ->
          new PathMatch.Regex(Unusable.in("safe_regex", () -> Patterns.compile(match.getSafeRegex())));
      case PATHSPECIFIER_NOT_SET ->
          throw new Unusable(
              kind.name().toLowerCase(Locale.ROOT),
              "only prefix, path, path_separated_prefix and safe_regex are carried out");
    };
  }

  private static PathMatch segments(String prefix, boolean ignoreCase) {
    if (!prefix.startsWith("/") || prefix.length() < 2 || prefix.endsWith("/")) {
      throw new Unusable("path_separated_prefix", "\"" + prefix + "\" must begin with a slash and not end with one");
    }
    return new PathMatch.Segments(prefix, ignoreCase);
  }

  static HeaderMatch header(HeaderMatcher matcher) {
    String name = matcher.getName().toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      throw new Unusable("name", "is required");
    }
    return new HeaderMatch(
        name.equals("host") ? AUTHORITY : name,
        headerValue(matcher),
        matcher.getInvertMatch(),
        matcher.getTreatMissingHeaderAsEmpty());
  }

  @SuppressWarnings("deprecation") // older control planes send the older forms, which mean the same
  private static ValueMatch headerValue(HeaderMatcher matcher) {
    return switch (matcher.getHeaderMatchSpecifierCase()) {
      case STRING_MATCH -> Unusable.in("string_match", () -> text(matcher.getStringMatch()));
      case PRESENT_MATCH -> new ValueMatch.Present(matcher.getPresentMatch());
      case HEADERMATCHSPECIFIER_NOT_SET -> new ValueMatch.Present(true);
      case EXACT_MATCH -> new ValueMatch.Exact(matcher.getExactMatch(), false);
      case PREFIX_MATCH -> new ValueMatch.Prefix(matcher.getPrefixMatch(), false);
      case SUFFIX_MATCH -> new ValueMatch.Suffix(matcher.getSuffixMatch(), false);
      case CONTAINS_MATCH -> new ValueMatch.Contains(matcher.getContainsMatch(), false);
      case SAFE_REGEX_MATCH ->
          new ValueMatch.Regex(Unusable.in("safe_regex_match", () -> Patterns.compile(matcher.getSafeRegexMatch())));
    };
  }

  private static QueryMatch query(QueryParameterMatcher matcher) {
    if (matcher.getName().isEmpty()) {
      throw new Unusable("name", "is required");
    }
    return new QueryMatch(
        matcher.getName(),
        switch (matcher.getQueryParameterMatchSpecifierCase()) {
          case STRING_MATCH -> Unusable.in("string_match", () -> text(matcher.getStringMatch()));
          case PRESENT_MATCH -> new ValueMatch.Present(matcher.getPresentMatch());
          case QUERYPARAMETERMATCHSPECIFIER_NOT_SET -> new ValueMatch.Present(true);
        });
  }

  private static ValueMatch text(StringMatcher matcher) {
    boolean ignoreCase = matcher.getIgnoreCase();
    return switch (matcher.getMatchPatternCase()) {
      case EXACT -> new ValueMatch.Exact(matcher.getExact(), ignoreCase);
      case PREFIX -> new ValueMatch.Prefix(matcher.getPrefix(), ignoreCase);
      case SUFFIX -> new ValueMatch.Suffix(matcher.getSuffix(), ignoreCase);
      case CONTAINS -> new ValueMatch.Contains(matcher.getContains(), ignoreCase);
      case SAFE_REGEX ->
          new ValueMatch.Regex(Unusable.in("safe_regex", () -> Patterns.compile(matcher.getSafeRegex())));
      case MATCHPATTERN_NOT_SET -> throw new Unusable("", "says nothing to match");
    };
  }
}
