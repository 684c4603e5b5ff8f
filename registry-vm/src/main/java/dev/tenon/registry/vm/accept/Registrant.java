package dev.tenon.registry.vm.accept;

import dev.tenon.spi.model.Workload;
import java.util.List;

/**
 * What a workload says of itself.
 *
 * @param workload checked; its condition is what its agent found
 * @param weights the share of each of the workload's ports among its service's endpoints, at least 1,
 *     in the order of the ports
 */
public record Registrant(Workload workload, List<Integer> weights) {
  public Registrant {
    weights = List.copyOf(weights);
    if (weights.size() != workload.ports().size()) {
      throw new IllegalArgumentException(
          weights.size() + " weights for " + workload.ports().size() + " ports");
    }
  }
}
