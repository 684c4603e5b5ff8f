package dev.tenon.pilot.translate;

import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import dev.tenon.pilot.join.Joiner;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes who answers for a cluster. An unhealthy endpoint is marked and left to the proxy's {@link Panic}; one
 * that was never ready, or is about to leave, is left out.
 */
final class AssignmentWriter {
  private static final Comparator<Locality> BY_PLACE =
      Comparator.comparing(Locality::region)
          .thenComparing(Locality::zone)
          .thenComparing(Locality::subZone);

  /** Where Envoy's own balancers look for what an endpoint is. */
  private static final String LABELS = "envoy.lb";

  private AssignmentWriter() {}

  /**
   * Which of a service's endpoints make a cluster.
   *
   * @param told whether the endpoints' own labels are told, for a balancer that may look at them
   */
  record Selection(String cluster, int servicePort, Map<String, String> labels, boolean told) {}

  static Resource resource(Selection selection, List<dev.tenon.spi.model.Endpoint> endpoints) {
    return Packing.resource(
        selection.cluster(),
        assignment(selection, endpoints));
  }

  static ClusterLoadAssignment assignment(Selection selection, List<dev.tenon.spi.model.Endpoint> endpoints) {
    Map<Locality, List<LbEndpoint>> places = new TreeMap<>(BY_PLACE);
    for (dev.tenon.spi.model.Endpoint endpoint : endpoints) {
      boolean mine =
          endpoint.servicePort() == selection.servicePort()
              && Panic.isTold(endpoint.health())
              && Joiner.selects(selection.labels(), endpoint.labels());
      if (mine) {
        places.computeIfAbsent(endpoint.locality(), _ -> new ArrayList<>()).add(lbEndpoint(endpoint, selection.told()));
      }
    }
    ClusterLoadAssignment.Builder assignment = ClusterLoadAssignment.newBuilder().setClusterName(selection.cluster());
    places.forEach(
        (place, members) ->
            assignment.addEndpoints(
                LocalityLbEndpoints.newBuilder().setLocality(locality(place)).addAllLbEndpoints(members)));
    return assignment.build();
  }

  static ClusterLoadAssignment single(String cluster, Address address) {
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(cluster)
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .addLbEndpoints(
                    LbEndpoint.newBuilder().setEndpoint(Endpoint.newBuilder().setAddress(address))))
        .build();
  }

  private static LbEndpoint lbEndpoint(dev.tenon.spi.model.Endpoint endpoint, boolean told) {
    LbEndpoint.Builder written =
        LbEndpoint.newBuilder()
            .setEndpoint(
                Endpoint.newBuilder().setAddress(Addresses.address(endpoint.address(), endpoint.port())))
            .setHealthStatus(endpoint.health() == Health.HEALTHY ? HealthStatus.HEALTHY : HealthStatus.UNHEALTHY)
            .setLoadBalancingWeight(UInt32Value.of(Math.max(1, endpoint.weight())));
    if (told && !endpoint.labels().isEmpty()) {
      Struct.Builder labels = Struct.newBuilder();
      endpoint.labels().forEach((name, value) -> labels.putFields(name, Structs.text(value)));
      written.setMetadata(Metadata.newBuilder().putFilterMetadata(LABELS, labels.build()));
    }
    return written.build();
  }

  private static io.envoyproxy.envoy.config.core.v3.Locality locality(Locality place) {
    return io.envoyproxy.envoy.config.core.v3.Locality.newBuilder()
        .setRegion(place.region())
        .setZone(place.zone())
        .setSubZone(place.subZone())
        .build();
  }
}
