package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.Topology;
import java.util.List;
import java.util.Map;

/** Decides what proxies of a view may see, and where each name in it leads. Pure. */
public final class Scoper {
  private Scoper() {}

  /** All that proxies of a view may see of a topology. */
  public static Scope scope(Topology topology, View view) {
    Visible visible = new Visible(topology, view.namespace());
    List<ClusterPlan> clusters = Clusters.of(topology, visible, view.namespace());
    return switch (view.kind()) {
      case SIDECAR ->
          new Scope(clusters, List.of(new SidecarTable(topology, view, visible).build()), List.of());
      case GATEWAY -> {
        Map<GatewayPort, RouteTable> tables = new GatewayTables(topology, view, visible).build();
        yield new Scope(clusters, List.copyOf(tables.values()), List.copyOf(tables.keySet()));
      }
    };
  }
}
