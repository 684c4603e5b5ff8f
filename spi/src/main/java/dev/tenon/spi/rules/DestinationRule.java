package dev.tenon.spi.rules;

import dev.tenon.spi.config.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is done once a destination is chosen; Istio's {@code DestinationRule}.
 *
 * @param host as written
 * @param exportTo {@code *} or namespaces ({@code .} already resolved)
 */
public record DestinationRule(
    Meta meta, String host, TrafficPolicy policy, List<Subset> subsets, List<String> exportTo) {
  public DestinationRule {
    subsets = List.copyOf(subsets);
    exportTo = List.copyOf(exportTo);
  }

  /** Some of a service's endpoints. Its policy has the rule's own merged in already. */
  public record Subset(String name, Map<String, String> labels, TrafficPolicy policy) {
    public Subset {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * How a cluster is called.
   *
   * @param balancer which endpoint is next
   * @param plug who chooses instead, in proxies that have it: the annotation {@code
   *     traffic.tenon.dev/balancer}
   * @param connectTimeout absent: 10 s
   * @param maxConnections to each cluster from one proxy; absent: no limit
   * @param maxPendingRequests waiting for a connection; absent: no limit
   */
  public record TrafficPolicy(
      Balancer balancer,
      Optional<PlugBalancer> plug,
      Optional<Duration> connectTimeout,
      Optional<Integer> maxConnections,
      Optional<Integer> maxPendingRequests) {
    /** What holds when nothing is said: least request, as Istio has it since 1.14. */
    public static final TrafficPolicy DEFAULT =
        new TrafficPolicy(
            Balancer.LEAST_REQUEST, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Istio's {@code LoadBalancerSettings.SimpleLB}, as far as it is carried out. */
  public enum Balancer {
    ROUND_ROBIN,
    LEAST_REQUEST,
    RANDOM
  }

  /**
   * A balancer that is a plug-in.
   *
   * @param name which factory makes it
   * @param config for that factory
   */
  public record PlugBalancer(String name, Node.Mapping config) {}
}
