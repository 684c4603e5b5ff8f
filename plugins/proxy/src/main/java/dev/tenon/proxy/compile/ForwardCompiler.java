package dev.tenon.proxy.compile;

import dev.tenon.wire.xds.v1.RetryPolicy;
import dev.tenon.wire.xds.v1.WeightedCluster.ClusterWeight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compiles what sends a request on: clusters, time-outs, rewrites. */
final class ForwardCompiler {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

  private ForwardCompiler() {}

  static RouteAction forward(
      dev.tenon.wire.xds.v1.RouteAction action, RouteMatch match, Optional<RetryPolicy> inherited) {
    if (action.getClusterNotFoundResponseCodeValue() != 0) {
      throw new Unusable("cluster_not_found_response_code", "only SERVICE_UNAVAILABLE is carried out");
    }
    List<WeightedCluster> clusters = clusters(action);
    Optional<RetryPolicy> retry = action.hasRetryPolicy() ? Optional.of(action.getRetryPolicy()) : inherited;
    return new RouteAction.Forward(
        clusters,
        clusters.stream().mapToLong(WeightedCluster::weight).sum(),
        action.hasTimeout()
            ? Unusable.in("timeout", () -> Values.duration(action.getTimeout()))
            : DEFAULT_TIMEOUT,
        action.hasIdleTimeout()
            ? Optional.of(Unusable.in("idle_timeout", () -> Values.duration(action.getIdleTimeout())))
            : Optional.empty(),
        retry.flatMap(policy -> Unusable.in("retry_policy", () -> RetryCompiler.compile(policy))),
        new Rewrite(RewriteCompiler.path(action, match), host(action)));
  }

  private static List<WeightedCluster> clusters(dev.tenon.wire.xds.v1.RouteAction action) {
    return switch (action.getClusterSpecifierCase()) {
      case CLUSTER -> List.of(WeightedCluster.only(named("cluster", action.getCluster())));
      case WEIGHTED_CLUSTERS -> Unusable.in("weighted_clusters", () -> weighted(action.getWeightedClusters()));
      case CLUSTERSPECIFIER_NOT_SET ->
          throw new Unusable("cluster_specifier", "one of cluster and weighted_clusters is required");
    };
  }

  @SuppressWarnings("deprecation") // total_weight: the sum that older control planes repeat
  private static List<WeightedCluster> weighted(dev.tenon.wire.xds.v1.WeightedCluster weighted) {
    List<WeightedCluster> clusters =
        Unusable.each("clusters", weighted.getClustersList(), ForwardCompiler::weightedCluster);
    long sum = clusters.stream().mapToLong(WeightedCluster::weight).sum();
    if (sum < 1 || sum > 0xffff_ffffL) {
      throw new Unusable("clusters", "the sum of the weights is " + sum + "; it must be between 1 and 2^32 - 1");
    }
    if (weighted.hasTotalWeight() && Integer.toUnsignedLong(weighted.getTotalWeight().getValue()) != sum) {
      throw new Unusable("total_weight", "is not the sum of the weights, " + sum);
    }
    // The sum bounds the draw, so clusters of weight 0 can never be drawn.
    List<WeightedCluster> drawn = new ArrayList<>(clusters);
    drawn.removeIf(cluster -> cluster.weight() == 0);
    return drawn;
  }

  private static WeightedCluster weightedCluster(ClusterWeight cluster) {
    return new WeightedCluster(
        named("name", cluster.getName()),
        Integer.toUnsignedLong(cluster.getWeight().getValue()),
        HeaderOpsCompiler.request(cluster.getRequestHeadersToAddList(), cluster.getRequestHeadersToRemoveList()),
        HeaderOpsCompiler.response(cluster.getResponseHeadersToAddList(), cluster.getResponseHeadersToRemoveList()));
  }

  private static String named(String field, String cluster) {
    if (cluster.isEmpty()) {
      throw new Unusable(field, "is required");
    }
    return cluster;
  }

  private static String host(dev.tenon.wire.xds.v1.RouteAction action) {
    Values.mustBeOff("auto_host_rewrite", action.getAutoHostRewrite());
    return Unusable.in("host_rewrite_literal", () -> Values.headText(action.getHostRewriteLiteral()));
  }
}
