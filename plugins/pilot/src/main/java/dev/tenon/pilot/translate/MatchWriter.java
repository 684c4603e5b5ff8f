package dev.tenon.pilot.translate;

import com.google.protobuf.BoolValue;
import dev.tenon.spi.rules.TextMatch;
import dev.tenon.spi.rules.VirtualService.HttpMatch;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes what a request must look like to take a route. */
final class MatchWriter {
  private static final RouteMatch EVERYTHING = RouteMatch.newBuilder().setPrefix("/").build();

  private MatchWriter() {}

  static RouteMatch everything() {
    return EVERYTHING;
  }

  static RouteMatch match(HttpMatch match) {
    RouteMatch.Builder route = RouteMatch.newBuilder();
    path(route, match.uri(), match.ignoreUriCase());
    match.method().ifPresent(text -> route.addHeaders(header(":method", text)));
    match.authority().ifPresent(text -> route.addHeaders(header(":authority", text)));
    sorted(match.headers()).forEach((name, text) -> route.addHeaders(header(name, text)));
    sorted(match.withoutHeaders()).forEach((name, text) -> route.addHeaders(without(name, text)));
    sorted(match.queryParams()).forEach((name, text) -> route.addQueryParameters(parameter(name, text)));
    return route.build();
  }

  private static Map<String, TextMatch> sorted(Map<String, TextMatch> matches) {
    return new TreeMap<>(matches);
  }

  private static void path(RouteMatch.Builder route, Optional<TextMatch> uri, boolean ignoreCase) {
    switch (uri.orElseGet(TextMatch.Present::new)) {
      case TextMatch.Exact(var path) -> route.setPath(path);
      case TextMatch.Prefix(var prefix) -> route.setPrefix(prefix.isEmpty() ? "/" : prefix);
      case TextMatch.Regex(var expression) -> route.setSafeRegex(regex(expression));
      case TextMatch.Present _ -> route.setPrefix("/");
    }
    // Istio does not apply ignoreUriCase to expressions.
    if (ignoreCase && !route.hasSafeRegex()) {
      route.setCaseSensitive(BoolValue.of(false));
    }
  }

  private static HeaderMatcher header(String name, TextMatch text) {
    HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(name);
    if (saysNothing(text)) {
      return matcher.setPresentMatch(true).build();
    }
    return matcher.setStringMatch(string(text)).build();
  }

  /**
   * The header is missing, or its value is another. An inverted condition on a missing header holds in
   * Envoy only if it is told to treat it as an empty one.
   */
  private static HeaderMatcher without(String name, TextMatch text) {
    HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(name).setInvertMatch(true);
    if (saysNothing(text)) {
      return matcher.setPresentMatch(true).build();
    }
    return matcher.setStringMatch(string(text)).setTreatMissingHeaderAsEmpty(true).build();
  }

  private static QueryParameterMatcher parameter(String name, TextMatch text) {
    QueryParameterMatcher.Builder matcher = QueryParameterMatcher.newBuilder().setName(name);
    if (saysNothing(text)) {
      return matcher.setPresentMatch(true).build();
    }
    return matcher.setStringMatch(string(text)).build();
  }

  /** Whether any value will do. */
  private static boolean saysNothing(TextMatch text) {
    return switch (text) {
      case TextMatch.Present _ -> true;
      case TextMatch.Prefix(var prefix) -> prefix.isEmpty();
      case TextMatch.Regex(var expression) -> expression.equals(".*");
      case TextMatch.Exact _ -> false;
    };
  }

  private static StringMatcher string(TextMatch text) {
    return switch (text) {
      case TextMatch.Exact(var value) -> StringMatcher.newBuilder().setExact(value).build();
      case TextMatch.Prefix(var value) -> StringMatcher.newBuilder().setPrefix(value).build();
      case TextMatch.Regex(var value) -> StringMatcher.newBuilder().setSafeRegex(regex(value)).build();
      case TextMatch.Present _ ->
          throw new IllegalArgumentException("a condition that any value meets has no text");
    };
  }

  private static RegexMatcher regex(String expression) {
    return RegexMatcher.newBuilder().setRegex(expression).build();
  }
}
