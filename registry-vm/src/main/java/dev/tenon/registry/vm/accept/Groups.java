package dev.tenon.registry.vm.accept;

import dev.tenon.spi.workload.ReadinessProbe;
import java.util.Optional;

/** What the WorkloadGroups say to agents. Thread-safe. */
public interface Groups {
  /**
   * How the workloads of a group are to be asked.
   *
   * @param key {@code namespace/name} of the group, or empty
   */
  Optional<ReadinessProbe> probe(String key);
}
