package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.MeshService.Shape;
import dev.tenon.pilot.join.Topology;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The services that a namespace's proxies may call, one for each host: where several namespaces have
 * an idea of a host, the caller's own comes first, then that of the namespace in the host's name.
 */
final class Visible {
  private final Topology topology;
  private final NavigableMap<String, Shape> byHost = new TreeMap<>();

  Visible(Topology topology, String namespace) {
    this.topology = topology;
    for (Shape shape : topology.shapes().values()) {
      if (shape.visibleTo(namespace)) {
        byHost.merge(shape.host(), shape, (one, other) -> nearer(one, other, namespace));
      }
    }
  }

  private Shape nearer(Shape one, Shape other, String namespace) {
    return rank(other, namespace) < rank(one, namespace) ? other : one;
  }

  private int rank(Shape shape, String namespace) {
    if (shape.namespace().equals(namespace)) {
      return 0;
    }
    return shape.namespace().equals(Hosts.namespaceIn(shape.host(), topology.domain())) ? 1 : 2;
  }

  Collection<Shape> shapes() {
    return Collections.unmodifiableCollection(byHost.values());
  }

  boolean has(String host) {
    return byHost.containsKey(host);
  }

  /** The cluster to which a destination leads; if there is none of that name, it leads nowhere. */
  String cluster(String host, String subset, Optional<Integer> port, int requestPort) {
    Shape shape = byHost.get(host);
    return ClusterPlan.name(port.orElseGet(() -> portOf(shape, requestPort)), subset, host);
  }

  /** The request's own port where the service has it, else the service's only one. */
  private static int portOf(@Nullable Shape shape, int requestPort) {
    if (shape == null || shape.port(requestPort).isPresent() || shape.ports().size() != 1) {
      return requestPort;
    }
    return shape.ports().getFirst().number();
  }
}
