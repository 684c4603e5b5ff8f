package dev.tenon.proxy.compile;

import com.google.protobuf.Any;
import dev.tenon.proxy.compile.ClusterSpec.LoadBalancing;
import dev.tenon.proxy.plug.PlugSpec;
import dev.tenon.wire.xds.v1.Cluster;
import dev.tenon.wire.xds.v1.LeastRequest;
import dev.tenon.wire.xds.v1.LoadBalancingPolicy;
import dev.tenon.wire.xds.v1.Random;
import dev.tenon.wire.xds.v1.RoundRobin;
import dev.tenon.wire.xds.v1.TypedExtensionConfig;
import java.util.Optional;

/**
 * How a cluster is balanced: by {@code lb_policy}, or by the first policy of {@code
 * load_balancing_policy} that this proxy has. A plug-in may stand before that.
 *
 * @param standard what holds without a plug-in
 * @param plug who chooses while it is installed
 */
record BalancingCompiler(LoadBalancing standard, Optional<PlugSpec> plug) {
  private static final String TYPES = "type.googleapis.com/envoy.extensions.load_balancing_policies.";
  private static final String LEAST_REQUEST = TYPES + "least_request.v3.LeastRequest";
  private static final String ROUND_ROBIN = TYPES + "round_robin.v3.RoundRobin";
  private static final String RANDOM = TYPES + "random.v3.Random";

  static final Shape SHAPE =
      Shape.of("envoy.config.cluster.v3.LoadBalancingPolicy")
          .with(
              LoadBalancingPolicy.POLICIES_FIELD_NUMBER,
              Shape.of("envoy.config.cluster.v3.LoadBalancingPolicy.Policy")
                  .with(
                      LoadBalancingPolicy.Policy.TYPED_EXTENSION_CONFIG_FIELD_NUMBER,
                      Shape.of(
                          "envoy.config.core.v3.TypedExtensionConfig",
                          TypedExtensionConfig.NAME_FIELD_NUMBER,
                          TypedExtensionConfig.TYPED_CONFIG_FIELD_NUMBER)));

  private static final Shape LEAST_REQUEST_SHAPE =
      Shape.of("envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest", LeastRequest.CHOICE_COUNT_FIELD_NUMBER);
  private static final Shape ROUND_ROBIN_SHAPE = Shape.of("envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin");
  private static final Shape RANDOM_SHAPE = Shape.of("envoy.extensions.load_balancing_policies.random.v3.Random");

  static BalancingCompiler of(Cluster cluster) {
    return cluster.hasLoadBalancingPolicy()
        ? Unusable.in("load_balancing_policy", () -> of(cluster.getLoadBalancingPolicy()))
        : new BalancingCompiler(named(cluster), Optional.empty());
  }

  private static BalancingCompiler of(LoadBalancingPolicy policy) {
    Optional<PlugSpec> plug = Optional.empty();
    for (int i = 0; i < policy.getPoliciesCount(); i++) {
      Any config = policy.getPolicies(i).getTypedExtensionConfig().getTypedConfig();
      String field = "policies[" + i + "].typed_extension_config.typed_config";
      String type = Unusable.in(field, () -> PlugReader.type(config));
      if (type.equals(PlugReader.BALANCER)) {
        if (plug.isEmpty()) {
          plug = Optional.of(Unusable.in(field, () -> PlugReader.balancer(config)));
        }
        continue;
      }
      Optional<LoadBalancing> standard = Unusable.in(field, () -> standard(type, config));
      if (standard.isPresent()) {
        return new BalancingCompiler(standard.get(), plug);
      }
    }
    throw new Unusable("policies", "none of them is one that this proxy has: round_robin, least_request, random");
  }

  private static Optional<LoadBalancing> standard(String type, Any config) {
    return switch (type) {
      case LEAST_REQUEST -> {
        LeastRequest least = Unusable.unpack(config, LEAST_REQUEST, LEAST_REQUEST_SHAPE, LeastRequest::parseFrom);
        choices("choice_count", least.getChoiceCount().getValue());
        yield Optional.of(LoadBalancing.LEAST_REQUEST);
      }
      case ROUND_ROBIN -> {
        Unusable.unpack(config, ROUND_ROBIN, ROUND_ROBIN_SHAPE, RoundRobin::parseFrom);
        yield Optional.of(LoadBalancing.ROUND_ROBIN);
      }
      case RANDOM -> {
        Unusable.unpack(config, RANDOM, RANDOM_SHAPE, Random::parseFrom);
        yield Optional.of(LoadBalancing.RANDOM);
      }
      default -> Optional.empty();
    };
  }

  private static LoadBalancing named(Cluster cluster) {
    choices("least_request_lb_config.choice_count", cluster.getLeastRequestLbConfig().getChoiceCount().getValue());
    return switch (cluster.getLbPolicy()) {
      case ROUND_ROBIN -> LoadBalancing.ROUND_ROBIN;
      case LEAST_REQUEST -> LoadBalancing.LEAST_REQUEST;
      case RANDOM -> LoadBalancing.RANDOM;
      case RING_HASH, MAGLEV, CLUSTER_PROVIDED, LOAD_BALANCING_POLICY_CONFIG, UNRECOGNIZED ->
          throw new Unusable("lb_policy", cluster.getLbPolicy() + " is not carried out by this proxy");
    };
  }

  private static void choices(String field, int count) {
    if (count != 0 && count != 2) {
      throw new Unusable(field, "only 2 is carried out by this proxy");
    }
  }
}
