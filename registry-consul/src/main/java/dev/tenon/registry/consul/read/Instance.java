package dev.tenon.registry.consul.read;

import java.util.List;

/**
 * An instance and how it is.
 *
 * @param nodeAddress counts where the definition has none
 * @param datacenter whose it is
 * @param checks its own and its node's
 */
public record Instance(Definition definition, String nodeAddress, String datacenter, List<Check> checks) {
  public Instance {
    checks = List.copyOf(checks);
  }
}
