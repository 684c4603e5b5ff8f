package dev.tenon.proxy.compile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a route does. */
public sealed interface RouteAction {
  /**
   * Sends the request to one of some clusters.
   *
   * @param clusters never empty; the weights' sum is {@code totalWeight}, at least 1
   * @param timeout for the whole answer, retries included, counted from the request's end; zero is none
   * @param idle without a byte moved, instead of the listener's; empty: the listener's; zero is none
   */
  record Forward(
      List<WeightedCluster> clusters,
      long totalWeight,
      Duration timeout,
      Optional<Duration> idle,
      Optional<RetrySpec> retry,
      Rewrite rewrite)
      implements RouteAction {
    public Forward {
      clusters = List.copyOf(clusters);
      if (clusters.isEmpty() || totalWeight < 1) {
        throw new IllegalArgumentException("a route needs a cluster with weight");
      }
    }

    /** To some clusters, by the sum of their weights. */
    public Forward(List<WeightedCluster> clusters, Duration timeout, Optional<RetrySpec> retry, Rewrite rewrite) {
      this(
          clusters,
          clusters.stream().mapToLong(WeightedCluster::weight).sum(),
          timeout,
          Optional.empty(),
          retry,
          rewrite);
    }

    /** To one cluster, with Envoy's default time-out of 15 s. */
    public static Forward to(String cluster) {
      return new Forward(
          List.of(WeightedCluster.only(cluster)), Duration.ofSeconds(15), Optional.empty(), Rewrite.NONE);
    }
  }

  /**
   * Answers with a Location.
   *
   * @param scheme empty: the request's
   * @param host empty: the request's
   * @param port 0: the request's, or the scheme's own when the scheme changes
   * @param path what becomes of the path
   * @param status 301, 302, 303, 307 or 308
   * @param stripQuery whether the query is left out
   */
  record Redirect(String scheme, String host, int port, PathRewrite path, int status, boolean stripQuery)
      implements RouteAction {}

  /** Answers by itself, in plain text. */
  record DirectResponse(int status, String body) implements RouteAction {}
}
