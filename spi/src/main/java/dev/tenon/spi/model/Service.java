package dev.tenon.spi.model;

import java.util.List;
import java.util.Map;

/**
 * A service and everything that answers for it.
 *
 * @param name its one name in the mesh
 * @param aliases other hosts by which callers know it ({@code reviews.service.consul}); canonical
 *     forms need not be listed
 * @param ports what it offers, unique by number
 * @param labels of the service itself
 * @param endpoints in a stable order
 */
public record Service(
    ServiceName name,
    List<String> aliases,
    List<Port> ports,
    Map<String, String> labels,
    List<Endpoint> endpoints) {
  public Service {
    aliases = List.copyOf(aliases);
    ports = List.copyOf(ports);
    labels = Map.copyOf(labels);
    endpoints = List.copyOf(endpoints);
  }
}
