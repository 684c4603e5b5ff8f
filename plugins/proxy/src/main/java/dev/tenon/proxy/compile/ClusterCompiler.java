package dev.tenon.proxy.compile;

import com.google.protobuf.ByteString;
import dev.tenon.wire.xds.v1.BindConfig;
import dev.tenon.wire.xds.v1.CircuitBreakers;
import dev.tenon.wire.xds.v1.Cluster;
import dev.tenon.wire.xds.v1.ConfigSource;
import dev.tenon.wire.xds.v1.RoutingPriority;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Compiles clusters, all but the endpoints of those that have them from EDS. Pure. */
public final class ClusterCompiler {
  private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** A resource that comes over the stream which its reader came over. */
  static final Shape OVER_ADS =
      Shape.of(
          "envoy.config.core.v3.ConfigSource",
          ConfigSource.ADS_FIELD_NUMBER,
          ConfigSource.SELF_FIELD_NUMBER,
          ConfigSource.INITIAL_FETCH_TIMEOUT_FIELD_NUMBER,
          ConfigSource.RESOURCE_API_VERSION_FIELD_NUMBER);

  private static final Shape THRESHOLDS =
      Shape.of(
          "envoy.config.cluster.v3.CircuitBreakers.Thresholds",
          CircuitBreakers.Thresholds.PRIORITY_FIELD_NUMBER,
          CircuitBreakers.Thresholds.MAX_CONNECTIONS_FIELD_NUMBER,
          CircuitBreakers.Thresholds.MAX_PENDING_REQUESTS_FIELD_NUMBER,
          CircuitBreakers.Thresholds.MAX_REQUESTS_FIELD_NUMBER,
          CircuitBreakers.Thresholds.MAX_RETRIES_FIELD_NUMBER,
          CircuitBreakers.Thresholds.TRACK_REMAINING_FIELD_NUMBER);

  private static final Shape SHAPE =
      Shape.of(
              "envoy.config.cluster.v3.Cluster",
              Cluster.NAME_FIELD_NUMBER,
              Cluster.TYPE_FIELD_NUMBER,
              Cluster.CONNECT_TIMEOUT_FIELD_NUMBER,
              Cluster.LB_POLICY_FIELD_NUMBER,
              // They change nothing for clusters whose endpoints are addresses.
              Cluster.DNS_LOOKUP_FAMILY_FIELD_NUMBER,
              Cluster.WAIT_FOR_WARM_ON_INIT_FIELD_NUMBER,
              Cluster.PER_CONNECTION_BUFFER_LIMIT_BYTES_FIELD_NUMBER,
              // They only observe.
              Cluster.ALT_STAT_NAME_FIELD_NUMBER,
              Cluster.TRACK_CLUSTER_STATS_FIELD_NUMBER,
              Cluster.METADATA_FIELD_NUMBER)
          .with(
              Cluster.EDS_CLUSTER_CONFIG_FIELD_NUMBER,
              Shape.of(
                      "envoy.config.cluster.v3.Cluster.EdsClusterConfig", Cluster.EdsClusterConfig.SERVICE_NAME_FIELD_NUMBER)
                  .with(Cluster.EdsClusterConfig.EDS_CONFIG_FIELD_NUMBER, OVER_ADS))
          .with(Cluster.LOAD_ASSIGNMENT_FIELD_NUMBER, EndpointsCompiler.SHAPE)
          .with(
              Cluster.CIRCUIT_BREAKERS_FIELD_NUMBER,
              Shape.of("envoy.config.cluster.v3.CircuitBreakers").with(CircuitBreakers.THRESHOLDS_FIELD_NUMBER, THRESHOLDS))
          .with(
              Cluster.UPSTREAM_BIND_CONFIG_FIELD_NUMBER,
              Shape.of("envoy.config.core.v3.BindConfig", BindConfig.SOURCE_ADDRESS_FIELD_NUMBER))
          .with(
              Cluster.COMMON_LB_CONFIG_FIELD_NUMBER,
              Shape.of(
                  "envoy.config.cluster.v3.Cluster.CommonLbConfig",
                  Cluster.CommonLbConfig.HEALTHY_PANIC_THRESHOLD_FIELD_NUMBER,
                  Cluster.CommonLbConfig.UPDATE_MERGE_WINDOW_FIELD_NUMBER))
          .with(Cluster.LOAD_BALANCING_POLICY_FIELD_NUMBER, BalancingCompiler.SHAPE)
          .with(Cluster.ROUND_ROBIN_LB_CONFIG_FIELD_NUMBER, Shape.of("envoy.config.cluster.v3.Cluster.RoundRobinLbConfig"))
          .with(
              Cluster.LEAST_REQUEST_LB_CONFIG_FIELD_NUMBER,
              Shape.of(
                  "envoy.config.cluster.v3.Cluster.LeastRequestLbConfig",
                  Cluster.LeastRequestLbConfig.CHOICE_COUNT_FIELD_NUMBER));

  private ClusterCompiler() {}

  /** Compiles the bytes of a {@code Cluster}. */
  public static Compilation<ClusterDraft> compile(ByteString bytes) {
    return Unusable.attempt(
        () -> {
          SHAPE.demand(bytes);
          return cluster(Cluster.parseFrom(bytes));
        });
  }

  /** Refuses a source of configuration that is not the ADS stream. */
  static boolean overAds(ConfigSource source) {
    if (!source.hasAds() && !source.hasSelf()) {
      throw new Unusable("", "only ads is carried out by this proxy");
    }
    return true;
  }

  private static ClusterDraft cluster(Cluster cluster) {
    Optional<String> assignment = assignment(cluster);
    BalancingCompiler balancing = BalancingCompiler.of(cluster);
    ClusterSpec spec =
        new ClusterSpec(
            cluster.getName(),
            balancing.standard(),
            balancing.plug(),
            cluster.hasConnectTimeout()
                ? Unusable.in("connect_timeout", () -> connectTimeout(cluster.getConnectTimeout()))
                : DEFAULT_CONNECT_TIMEOUT,
            limits(cluster.getCircuitBreakers()),
            cluster.hasUpstreamBindConfig()
                ? Optional.of(Unusable.in("upstream_bind_config", () -> source(cluster.getUpstreamBindConfig())))
                : Optional.empty(),
            panic(cluster.getCommonLbConfig()),
            assignment.isPresent()
                ? List.of()
                : Unusable.in("load_assignment", () -> EndpointsCompiler.endpoints(cluster.getLoadAssignment())));
    return new ClusterDraft(spec, assignment);
  }

  private static Optional<String> assignment(Cluster cluster) {
    return switch (cluster.getType()) {
      case STATIC -> Optional.empty();
      case EDS ->
          Unusable.in(
              "eds_cluster_config",
              () -> {
                Unusable.in("eds_config", () -> overAds(cluster.getEdsClusterConfig().getEdsConfig()));
                String service = cluster.getEdsClusterConfig().getServiceName();
                return Optional.of(service.isEmpty() ? cluster.getName() : service);
              });
      case STRICT_DNS, LOGICAL_DNS, ORIGINAL_DST, UNRECOGNIZED ->
          throw new Unusable("type", "is " + cluster.getType() + "; only STATIC and EDS are carried out by this proxy");
    };
  }

  private static Duration connectTimeout(com.google.protobuf.Duration given) {
    Duration time = Values.duration(given);
    if (time.isZero()) {
      throw new Unusable("", "must be more than nothing");
    }
    return time;
  }

  private static ClusterSpec.Limits limits(CircuitBreakers breakers) {
    ClusterSpec.Limits limits = ClusterSpec.Limits.DEFAULT;
    for (CircuitBreakers.Thresholds each : breakers.getThresholdsList()) {
      // Requests of high priority do not exist here: their routes are refused.
      if (each.getPriority() == RoutingPriority.DEFAULT) {
        limits =
            new ClusterSpec.Limits(
                each.hasMaxConnections() ? Values.count(each.getMaxConnections()) : limits.connections(),
                each.hasMaxPendingRequests() ? Values.count(each.getMaxPendingRequests()) : limits.pendingRequests(),
                each.hasMaxRequests() ? Values.count(each.getMaxRequests()) : limits.requests(),
                each.hasMaxRetries() ? Values.count(each.getMaxRetries()) : limits.retries());
      }
    }
    return limits;
  }

  private static InetAddress source(BindConfig bind) {
    if (bind.getSourceAddress().getPortValue() != 0) {
      throw new Unusable("source_address.port_value", "a fixed source port is not carried out by this proxy");
    }
    return Unusable.in("source_address", () -> Values.ip(bind.getSourceAddress().getAddress()));
  }

  private static int panic(Cluster.CommonLbConfig config) {
    if (!config.hasHealthyPanicThreshold()) {
      return ClusterSpec.DEFAULT_PANIC;
    }
    double percent = config.getHealthyPanicThreshold().getValue();
    if (!(percent >= 0 && percent <= 100)) {
      throw new Unusable("common_lb_config.healthy_panic_threshold", percent + " is not between 0 and 100");
    }
    return (int) Math.round(percent);
  }
}
