package dev.tenon.registry.consul.read;

import java.util.Comparator;
import java.util.List;

/**
 * An instance and how it is.
 *
 * @param nodeAddress counts where the definition has none
 * @param datacenter whose it is
 * @param checks its own and its node's, by id
 */
public record Instance(Definition definition, String nodeAddress, String datacenter, List<Check> checks) {
  public Instance {
    checks = checks.stream().sorted(Comparator.comparing(Check::id)).toList();
  }
}
