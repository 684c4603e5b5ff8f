package dev.tenon.pilot.join;

import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.rules.FilterRule;
import dev.tenon.spi.rules.PolicyRules;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * The whole mesh at one moment, made by {@link Joiner} alone, of unmodifiable parts. They stay the same objects from one version to the next as long
 * as they are equal, so that a consumer sees what changed by comparing references.
 *
 * @param version counts up by one with each mesh that differs from the one before
 * @param topology services without endpoints, and the rules about traffic
 * @param endpoints of each service
 * @param workloads by {@link Workload#key()}
 * @param policies by configuration namespace
 * @param filters where plug-ins look at requests, by key
 * @param origins where services came from, and what their sources do not agree on
 */
public record Mesh(
    long version,
    Topology topology,
    NavigableMap<ServiceKey, List<Endpoint>> endpoints,
    NavigableMap<String, Workload> workloads,
    Map<String, PolicyRules> policies,
    Map<String, FilterRule> filters,
    Origins origins) {
  /** The endpoints of a service; none when nobody has it. */
  public List<Endpoint> endpointsOf(ServiceKey service) {
    return endpoints.getOrDefault(service, List.of());
  }
}
