package dev.tenon.agent.read;

import dev.tenon.spi.model.Workload;
import java.util.List;

/**
 * The workload that enters the mesh.
 *
 * @param workload checked
 * @param weights of its ports, in their order; 0 where nothing was said
 */
public record Entrant(Workload workload, List<Integer> weights) {
  public Entrant {
    weights = List.copyOf(weights);
  }
}
