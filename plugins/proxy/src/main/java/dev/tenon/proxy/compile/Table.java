package dev.tenon.proxy.compile;

import dev.tenon.spi.model.Workload;
import java.util.Map;

/**
 * All that the control plane has said, compiled: what one generation of the request path works by.
 *
 * @param listeners by name
 * @param routes route tables that listeners refer to by name
 * @param clusters by name; a cluster whose endpoints are not known yet is in here with none
 * @param workloads who lives at an address, by {@code network/address}
 */
public record Table(
    Map<String, ListenerSpec> listeners,
    Map<String, RouteTable> routes,
    Map<String, ClusterSpec> clusters,
    Map<String, Workload> workloads) {
  /** Nothing configured. */
  public static final Table EMPTY = new Table(Map.of(), Map.of(), Map.of(), Map.of());

  public Table {
    listeners = Map.copyOf(listeners);
    routes = Map.copyOf(routes);
    clusters = Map.copyOf(clusters);
    workloads = Map.copyOf(workloads);
  }
}
