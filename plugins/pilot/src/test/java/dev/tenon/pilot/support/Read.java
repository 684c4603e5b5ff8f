package dev.tenon.pilot.support;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tenon.pilot.translate.Resource;
import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.pilot.translate.Snapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;

/** Reads resources out of a snapshot. */
public final class Read {
  private Read() {}

  public static RouteConfiguration routes(Snapshot snapshot, String name) {
    return unpack(body(snapshot, ResourceType.RDS, name), RouteConfiguration.class);
  }

  public static Cluster cluster(Snapshot snapshot, String name) {
    return unpack(body(snapshot, ResourceType.CDS, name), Cluster.class);
  }

  public static Listener listener(Snapshot snapshot, String name) {
    return unpack(body(snapshot, ResourceType.LDS, name), Listener.class);
  }

  public static HttpConnectionManager manager(Snapshot snapshot, String listener) {
    return unpack(
        listener(snapshot, listener).getFilterChains(0).getFilters(0).getTypedConfig(),
        HttpConnectionManager.class);
  }

  /** The endpoints of a cluster, {@code address:port}. */
  public static List<String> endpoints(Snapshot snapshot, String cluster) {
    return endpoints(unpack(body(snapshot, ResourceType.EDS, cluster), ClusterLoadAssignment.class));
  }

  public static List<String> endpoints(ClusterLoadAssignment assignment) {
    return assignment.getEndpointsList().stream()
        .flatMap(place -> place.getLbEndpointsList().stream())
        .map(each -> each.getEndpoint().getAddress().getSocketAddress())
        .map(socket -> socket.getAddress() + ":" + socket.getPortValue())
        .toList();
  }

  private static Any body(Snapshot snapshot, ResourceType type, String name) {
    Resource resource = snapshot.of(type).get(name);
    if (resource == null) {
      throw new AssertionError("no " + type + " " + name + " among " + snapshot.of(type).keySet());
    }
    return resource.body();
  }

  public static <M extends Message> M unpack(Any any, Class<M> type) {
    try {
      return any.unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("not a " + type.getSimpleName(), e);
    }
  }
}
