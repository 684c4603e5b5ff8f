package dev.tenon.pilot.translate;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import dev.tenon.pilot.scope.ClusterPlan;
import dev.tenon.pilot.scope.InboundPlan;
import dev.tenon.pilot.scope.PolicyService;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.rules.DestinationRule.Balancer;
import dev.tenon.spi.rules.DestinationRule.PlugBalancer;
import dev.tenon.spi.rules.DestinationRule.TrafficPolicy;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.type.v3.Percent;
import java.time.Duration;
import java.util.Optional;

/** Writes clusters. */
final class ClusterWriter {
  /** Envoy's own defaults are limits of 1024 and 3 retries; "no limit" has to be said. */
  private static final int UNLIMITED = -1;

  private static final String STANDARD = "envoy.load_balancing_policies.";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private ClusterWriter() {}

  /**
   * What a cluster depends on.
   *
   * @param plan which endpoints and how they are called
   * @param source the address that connections come from; empty for whatever the system chooses
   */
  record Outbound(ClusterPlan plan, String source) {}

  static Resource outbound(Outbound outbound, Panic panic) {
    ClusterPlan plan = outbound.plan();
    Cluster.Builder cluster = base(plan.name(), plan.policy());
    cluster
        .setType(DiscoveryType.EDS)
        .setEdsClusterConfig(EdsClusterConfig.newBuilder().setEdsConfig(Addresses.ads()))
        .setCommonLbConfig(CommonLbConfig.newBuilder().setHealthyPanicThreshold(Percent.newBuilder().setValue(panic.threshold())));
    if (plan.protocol() == Protocol.HTTP2 || plan.protocol() == Protocol.GRPC) {
      cluster.putTypedExtensionProtocolOptions(
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Packing.any(http2()));
    }
    if (!outbound.source().isEmpty()) {
      cluster.setUpstreamBindConfig(
          BindConfig.newBuilder().setSourceAddress(Addresses.socket(outbound.source(), 0)));
    }
    return Packing.resource(plan.name(), cluster.build());
  }

  static String inboundName(InboundPlan plan) {
    return "inbound|" + plan.servicePort() + "||" + plan.host();
  }

  static Resource inbound(InboundPlan plan) {
    String name = inboundName(plan);
    Cluster cluster =
        base(name, TrafficPolicy.DEFAULT)
            .setLbPolicy(LbPolicy.ROUND_ROBIN)
            .setType(DiscoveryType.STATIC)
            .setLoadAssignment(AssignmentWriter.single(name, Addresses.address(plan.application())))
            .build();
    return Packing.resource(name, cluster);
  }

  /** Where proxies that cannot judge have it done, by gRPC on this machine. */
  static Resource policyService(PolicyService service) {
    LocalityLbEndpoints.Builder replicas = LocalityLbEndpoints.newBuilder();
    service.addresses().forEach(each -> replicas.addLbEndpoints(LbEndpoint.newBuilder().setEndpoint(Endpoint.newBuilder().setAddress(Addresses.address(each)))));
    Cluster cluster =
        base(PolicyService.CLUSTER, TrafficPolicy.DEFAULT)
            .setConnectTimeout(Addresses.duration(service.deadline()))
            .setType(DiscoveryType.STATIC)
            .setLoadAssignment(ClusterLoadAssignment.newBuilder().setClusterName(PolicyService.CLUSTER).addEndpoints(replicas))
            .putTypedExtensionProtocolOptions("envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Packing.any(http2()))
            .build();
    return Packing.resource(PolicyService.CLUSTER, cluster);
  }

  private static Cluster.Builder base(String name, TrafficPolicy policy) {
    Thresholds.Builder limits =
        Thresholds.newBuilder()
            .setMaxConnections(limit(policy.maxConnections()))
            .setMaxPendingRequests(limit(policy.maxPendingRequests()))
            .setMaxRequests(limit(Optional.empty()))
            .setMaxRetries(limit(Optional.empty()));
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(name)
            .setConnectTimeout(Addresses.duration(policy.connectTimeout().orElse(CONNECT_TIMEOUT)))
            .setLbPolicy(lbPolicy(policy.balancer()))
            .setCircuitBreakers(CircuitBreakers.newBuilder().addThresholds(limits));
    policy.plug().ifPresent(plug -> cluster.setLoadBalancingPolicy(firstChoice(plug, policy.balancer())));
    return cluster;
  }

  /** A plug-in's balancer for proxies that have it; the others take the standard one behind it. */
  private static LoadBalancingPolicy firstChoice(PlugBalancer plug, Balancer standard) {
    return LoadBalancingPolicy.newBuilder()
        .addPolicies(policy("dev.tenon.plug/" + plug.name(), PlugWriter.balancer(plug)))
        .addPolicies(
            switch (standard) {
              case ROUND_ROBIN -> policy(STANDARD + "round_robin", Packing.any(RoundRobin.getDefaultInstance()));
              case LEAST_REQUEST -> policy(STANDARD + "least_request", Packing.any(LeastRequest.getDefaultInstance()));
              case RANDOM -> policy(STANDARD + "random", Packing.any(Random.getDefaultInstance()));
            })
        .build();
  }

  private static LoadBalancingPolicy.Policy policy(String name, Any config) {
    return LoadBalancingPolicy.Policy.newBuilder()
        .setTypedExtensionConfig(TypedExtensionConfig.newBuilder().setName(name).setTypedConfig(config))
        .build();
  }

  private static UInt32Value limit(Optional<Integer> limit) {
    return UInt32Value.of(limit.orElse(UNLIMITED));
  }

  private static LbPolicy lbPolicy(Balancer balancer) {
    return switch (balancer) {
      case ROUND_ROBIN -> LbPolicy.ROUND_ROBIN;
      case LEAST_REQUEST -> LbPolicy.LEAST_REQUEST;
      case RANDOM -> LbPolicy.RANDOM;
    };
  }

  private static HttpProtocolOptions http2() {
    return HttpProtocolOptions.newBuilder()
        .setExplicitHttpConfig(
            ExplicitHttpConfig.newBuilder()
                .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
        .build();
  }
}
