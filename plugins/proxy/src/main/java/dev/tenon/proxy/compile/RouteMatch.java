package dev.tenon.proxy.compile;

import java.util.List;

/**
 * Conditions that must all hold; {@code envoy.config.route.v3.RouteMatch}.
 *
 * @param path without the query
 */
public record RouteMatch(PathMatch path, List<HeaderMatch> headers, List<QueryMatch> query) {
  /** Every request. */
  public static final RouteMatch ALL = prefix("/");

  public RouteMatch {
    headers = List.copyOf(headers);
    query = List.copyOf(query);
  }

  /** Paths that begin so. */
  public static RouteMatch prefix(String prefix) {
    return new RouteMatch(new PathMatch.Prefix(prefix, false), List.of(), List.of());
  }
}
