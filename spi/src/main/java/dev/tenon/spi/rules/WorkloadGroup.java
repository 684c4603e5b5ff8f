package dev.tenon.spi.rules;

import dev.tenon.spi.workload.ReadinessProbe;
import java.util.Map;
import java.util.Optional;

/**
 * What the workloads of a group have in common; Istio's {@code WorkloadGroup}. What a workload says of itself goes before.
 *
 * @param labels that its workloads get, those of the template included
 * @param annotations of their WorkloadEntries
 * @param template what they are like; its address is empty, its weight 0 where nothing was said
 * @param probe how their agents ask their applications, unless they know better; never a command
 */
public record WorkloadGroup(
    Meta meta, Map<String, String> labels, Map<String, String> annotations, WorkloadEntry.Spec template, Optional<ReadinessProbe> probe) {
  public WorkloadGroup {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
