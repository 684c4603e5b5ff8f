package dev.tenon.proxy.compile;

import dev.tenon.proxy.plug.PlugSpec;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Endpoints that are alike; {@code envoy.config.cluster.v3.Cluster} with its load assignment.
 *
 * @param plug who chooses instead while it is installed
 * @param limits of connections and requests, kept by each proxy
 * @param source upstream connections are bound to it; empty: the system chooses
 * @param panicPercent with fewer healthy endpoints than this share all are called; Envoy's default is 50
 */
public record ClusterSpec(
    String name,
    LoadBalancing balancing,
    Optional<PlugSpec> plug,
    Duration connectTimeout,
    Limits limits,
    Optional<InetAddress> source,
    int panicPercent,
    List<EndpointSpec> endpoints) {
  /** Envoy's {@code healthy_panic_threshold} when nothing is said. */
  public static final int DEFAULT_PANIC = 50;

  public ClusterSpec {
    endpoints = List.copyOf(endpoints);
  }

  /** A cluster with all defaults. */
  public static ClusterSpec of(String name, LoadBalancing balancing, List<EndpointSpec> endpoints) {
    return new ClusterSpec(
        name, balancing, Optional.empty(), Duration.ofSeconds(5), Limits.DEFAULT, Optional.empty(), DEFAULT_PANIC, endpoints);
  }

  /** The same cluster with other endpoints. */
  public ClusterSpec with(List<EndpointSpec> others) {
    return new ClusterSpec(name, balancing, plug, connectTimeout, limits, source, panicPercent, others);
  }

  /** Which endpoint is next. */
  public enum LoadBalancing {
    ROUND_ROBIN,
    LEAST_REQUEST,
    RANDOM
  }

  /** {@code circuit_breakers.thresholds} of the default priority. Beyond them: 503 with flag {@code UO}. */
  public record Limits(int connections, int pendingRequests, int requests, int retries) {
    /** Envoy's defaults: 1024, 1024, 1024, 3. */
    public static final Limits DEFAULT = new Limits(1024, 1024, 1024, 3);

    /** What Istio sends when nothing is said: no limits. */
    public static final Limits NONE =
        new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }
}
