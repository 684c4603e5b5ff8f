package dev.tenon.proxy.compile;

import java.util.List;

/**
 * The endpoints that a cluster asks for by name; {@code ClusterLoadAssignment}.
 *
 * @param name what clusters ask for
 */
public record Assignment(String name, List<EndpointSpec> endpoints) {
  public Assignment {
    endpoints = List.copyOf(endpoints);
  }
}
