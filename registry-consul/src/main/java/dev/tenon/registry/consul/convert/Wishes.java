package dev.tenon.registry.consul.convert;

import dev.tenon.spi.model.Protocol;
import java.util.List;

/**
 * How instances become services, as far as an operator chooses.
 *
 * @param datacenters in the order in which they stand in for each other
 * @param domain of Consul's DNS, {@code consul} unless changed there
 * @param namespace of services that name none
 * @param protocol of services that name none
 * @param addressTag which tagged address counts, such as {@code wan}; empty for the service's own
 * @param onlyPassing whether an instance with a warning is unhealthy
 */
public record Wishes(
    List<String> datacenters, String domain, String namespace, Protocol protocol, String addressTag, boolean onlyPassing) {
  public Wishes {
    datacenters = List.copyOf(datacenters);
  }
}
