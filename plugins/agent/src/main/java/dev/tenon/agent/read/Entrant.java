package dev.tenon.agent.read;

import dev.tenon.spi.model.Workload;
import java.util.List;
import java.util.Optional;

/**
 * The workload that enters the mesh.
 *
 * @param workload checked
 * @param weights of its ports, in their order; 0 where nothing was said
 * @param probe how to find out whether it may be called; without one it may as soon as its ports are open
 */
public record Entrant(Workload workload, List<Integer> weights, Optional<ReadinessProbe> probe) {
  public Entrant {
    weights = List.copyOf(weights);
  }
}
