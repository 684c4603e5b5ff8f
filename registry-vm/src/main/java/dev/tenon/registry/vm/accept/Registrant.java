package dev.tenon.registry.vm.accept;

import dev.tenon.spi.model.Workload;
import java.util.List;

/**
 * What a workload says of itself; what it leaves out is filled in from its WorkloadGroup when it is published.
 *
 * @param group the WorkloadGroup of its namespace that it is of; empty for none
 * @param workload checked; its condition is what its agent found, its service account empty when nothing was said
 * @param weights the share of each of the workload's ports among its service's endpoints, 0 when nothing was said, in the order of the ports
 */
public record Registrant(String group, Workload workload, List<Integer> weights) {
  public Registrant {
    weights = List.copyOf(weights);
    if (weights.size() != workload.ports().size()) {
      throw new IllegalArgumentException(
          weights.size() + " weights for " + workload.ports().size() + " ports");
    }
  }

  /** One of no group. */
  public Registrant(Workload workload, List<Integer> weights) {
    this("", workload, weights);
  }

  /** {@code namespace/name} of its group; empty when it is of none. */
  public String groupKey() {
    return group.isEmpty() ? "" : workload.namespace() + "/" + group;
  }
}
