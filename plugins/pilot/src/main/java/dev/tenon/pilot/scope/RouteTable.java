package dev.tenon.pilot.scope;

import java.util.List;

/**
 * Everything that is reached through one listener.
 *
 * @param name of the route configuration
 * @param hosts in the order of their names
 * @param blockRest whether what no host's domains match is refused as unknown to the mesh
 */
public record RouteTable(String name, List<HostPlan> hosts, boolean blockRest) {
  public RouteTable {
    hosts = List.copyOf(hosts);
  }
}
