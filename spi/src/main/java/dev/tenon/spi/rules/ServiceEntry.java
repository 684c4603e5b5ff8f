package dev.tenon.spi.rules;

import dev.tenon.spi.model.Port;
import java.util.List;
import java.util.Map;

/**
 * Services that no registry knows; Istio's {@code ServiceEntry}.
 *
 * @param hosts full names
 * @param ports offered under each host
 * @param targetPorts by port number, where an endpoint's port differs
 * @param resolution how endpoints are found
 * @param endpoints inline ones
 * @param workloadSelector labels of WorkloadEntries and workloads; empty when endpoints are inline
 * @param external whether it lies outside the mesh
 * @param exportTo {@code *} or namespaces
 */
public record ServiceEntry(
    Meta meta,
    List<String> hosts,
    List<Port> ports,
    Map<Integer, Integer> targetPorts,
    Resolution resolution,
    List<WorkloadEntry.Spec> endpoints,
    Map<String, String> workloadSelector,
    boolean external,
    List<String> exportTo) {
  public ServiceEntry {
    hosts = List.copyOf(hosts);
    ports = List.copyOf(ports);
    targetPorts = Map.copyOf(targetPorts);
    endpoints = List.copyOf(endpoints);
    workloadSelector = Map.copyOf(workloadSelector);
    exportTo = List.copyOf(exportTo);
  }

  /** Istio's {@code ServiceEntry.Resolution}, as far as it is carried out. */
  public enum Resolution {
    STATIC,
    DNS
  }
}
