package dev.tenon.spi.workload;

import dev.tenon.spi.model.Workload;
import java.util.List;
import java.util.Optional;

/**
 * A workload as its own file says it. What the file leaves out may be said by its WorkloadGroup.
 *
 * @param group the WorkloadGroup that it is of; empty when nothing was said
 * @param workload checked; its service account is empty when nothing was said
 * @param weights of its ports, in their order; 0 where nothing was said
 * @param probe how to find out whether it may be called; without one it may as soon as its ports are open
 */
public record Entrant(String group, Workload workload, List<Integer> weights, Optional<ReadinessProbe> probe) {
  public Entrant {
    weights = List.copyOf(weights);
  }

  /** One of no group. */
  public Entrant(Workload workload, List<Integer> weights, Optional<ReadinessProbe> probe) {
    this("", workload, weights, probe);
  }
}
