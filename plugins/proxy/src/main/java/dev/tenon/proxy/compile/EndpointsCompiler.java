package dev.tenon.proxy.compile;

import com.google.protobuf.ByteString;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.wire.xds.v1.ClusterLoadAssignment;
import dev.tenon.wire.xds.v1.Endpoint;
import dev.tenon.wire.xds.v1.LbEndpoint;
import dev.tenon.wire.xds.v1.LocalityLbEndpoints;
import dev.tenon.wire.xds.v1.NamedStruct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compiles load assignments, of EDS or within a cluster. Pure. */
public final class EndpointsCompiler {
  /** More of them in one cluster are refused. */
  static final int MOST = 65_536;

  private static final int HEAVIEST = 1_000_000;
  private static final String LABELS = "envoy.lb";

  private static final Shape ENDPOINT =
      Shape.of(
          "envoy.config.endpoint.v3.Endpoint",
          Endpoint.ADDRESS_FIELD_NUMBER,
          // For health checks, which are refused where they are asked for.
          Endpoint.HEALTH_CHECK_CONFIG_FIELD_NUMBER,
          Endpoint.HOSTNAME_FIELD_NUMBER);

  private static final Shape LOCALITY =
      Shape.of(
              "envoy.config.endpoint.v3.LocalityLbEndpoints",
              LocalityLbEndpoints.PRIORITY_FIELD_NUMBER,
              // Localities weigh only where the cluster asks for it, which is refused.
              LocalityLbEndpoints.LOCALITY_FIELD_NUMBER,
              LocalityLbEndpoints.LOAD_BALANCING_WEIGHT_FIELD_NUMBER,
              LocalityLbEndpoints.PROXIMITY_FIELD_NUMBER,
              LocalityLbEndpoints.METADATA_FIELD_NUMBER)
          .with(
              LocalityLbEndpoints.LB_ENDPOINTS_FIELD_NUMBER,
              Shape.of(
                      "envoy.config.endpoint.v3.LbEndpoint",
                      LbEndpoint.HEALTH_STATUS_FIELD_NUMBER,
                      LbEndpoint.LOAD_BALANCING_WEIGHT_FIELD_NUMBER,
                      LbEndpoint.METADATA_FIELD_NUMBER)
                  .with(LbEndpoint.ENDPOINT_FIELD_NUMBER, ENDPOINT));

  static final Shape SHAPE =
      Shape.of("envoy.config.endpoint.v3.ClusterLoadAssignment", ClusterLoadAssignment.CLUSTER_NAME_FIELD_NUMBER)
          .with(ClusterLoadAssignment.ENDPOINTS_FIELD_NUMBER, LOCALITY)
          .with(
              ClusterLoadAssignment.POLICY_FIELD_NUMBER,
              // It spreads load over priorities, of which there is only one.
              Shape.of(
                  "envoy.config.endpoint.v3.ClusterLoadAssignment.Policy",
                  ClusterLoadAssignment.Policy.OVERPROVISIONING_FACTOR_FIELD_NUMBER));

  private EndpointsCompiler() {}

  /** Compiles the bytes of a {@code ClusterLoadAssignment}. */
  public static Compilation<Assignment> compile(ByteString bytes) {
    return Unusable.attempt(
        () -> {
          SHAPE.demand(bytes);
          ClusterLoadAssignment assignment = ClusterLoadAssignment.parseFrom(bytes);
          return new Assignment(assignment.getClusterName(), endpoints(assignment));
        });
  }

  /** Compiles an assignment whose fields were looked through already. */
  static List<EndpointSpec> endpoints(ClusterLoadAssignment assignment) {
    List<EndpointSpec> all =
        Unusable.each("endpoints", assignment.getEndpointsList(), EndpointsCompiler::locality).stream()
            .flatMap(List::stream)
            .toList();
    if (all.size() > MOST) {
      throw new Unusable("endpoints", "there are " + all.size() + "; more than " + MOST + " are refused");
    }
    return all;
  }

  private static List<EndpointSpec> locality(LocalityLbEndpoints locality) {
    if (locality.getPriority() != 0) {
      throw new Unusable("priority", "only 0 is carried out by this proxy");
    }
    Locality place =
        new Locality(
            locality.getLocality().getRegion(), locality.getLocality().getZone(), locality.getLocality().getSubZone());
    return Unusable.each("lb_endpoints", locality.getLbEndpointsList(), endpoint -> endpoint(endpoint, place));
  }

  private static EndpointSpec endpoint(LbEndpoint endpoint, Locality place) {
    return new EndpointSpec(
        Unusable.in("endpoint.address", () -> Values.address(endpoint.getEndpoint().getAddress())),
        weight(endpoint),
        health(endpoint),
        place,
        labels(endpoint));
  }

  /** Where Envoy's own balancers look for what an endpoint is. */
  private static Map<String, String> labels(LbEndpoint endpoint) {
    Map<String, String> labels = new HashMap<>();
    for (NamedStruct each : endpoint.getMetadata().getFilterMetadataList()) {
      if (each.getKey().equals(LABELS)) {
        each.getValue().getFieldsMap().forEach((name, value) -> labels.put(name, value.getStringValue()));
      }
    }
    return labels;
  }

  private static int weight(LbEndpoint endpoint) {
    int weight = endpoint.hasLoadBalancingWeight() ? Values.count(endpoint.getLoadBalancingWeight()) : 1;
    if (weight < 1 || weight > HEAVIEST) {
      throw new Unusable("load_balancing_weight", weight + " is not between 1 and " + HEAVIEST);
    }
    return weight;
  }

  private static Health health(LbEndpoint endpoint) {
    return switch (endpoint.getHealthStatus()) {
      case UNKNOWN, HEALTHY -> Health.HEALTHY;
      case UNHEALTHY, TIMEOUT -> Health.UNHEALTHY;
      case DRAINING -> Health.DRAINING;
      case DEGRADED, UNRECOGNIZED ->
          throw new Unusable("health_status", endpoint.getHealthStatus() + " is not carried out by this proxy");
    };
  }
}
