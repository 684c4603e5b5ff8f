package dev.tenon.pilot.scope;

import java.util.List;

/**
 * All that proxies of one view may see of the mesh.
 *
 * @param clusters in the order of their services, ports and subsets
 * @param tables route configurations
 * @param ports what a gateway opens; empty for sidecars
 */
public record Scope(List<ClusterPlan> clusters, List<RouteTable> tables, List<GatewayPort> ports) {
  /** The namespace whose rules hold for the whole mesh, as Istio names it. */
  public static final String ROOT_NAMESPACE = "istio-system";

  /** The name of the routes behind a sidecar's HTTP proxy port, as Istio has it. */
  public static final String HTTP_PROXY = "http_proxy";

  public Scope {
    clusters = List.copyOf(clusters);
    tables = List.copyOf(tables);
    ports = List.copyOf(ports);
  }
}
