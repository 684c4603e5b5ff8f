package dev.tenon.spi.traffic;

import dev.tenon.spi.model.Locality;
import java.util.List;

/**
 * The endpoints of one cluster that may be called, at one moment.
 *
 * @param cluster its name
 * @param here where this proxy runs
 * @param hosts in the order that the control plane gave them; a pick is a place in this list
 */
public record HostSet(String cluster, Locality here, List<Host> hosts) {
  public HostSet {
    hosts = List.copyOf(hosts);
  }
}
