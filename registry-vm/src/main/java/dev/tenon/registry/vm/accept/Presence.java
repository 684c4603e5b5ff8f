package dev.tenon.registry.vm.accept;

import java.time.Instant;
import java.util.Map;

/**
 * A workload as it is published, for operators.
 *
 * @param registrant with all that its group adds
 * @param annotations of its group
 * @param standing whether an operator registered it
 * @param since when this process heard of it first
 */
public record Presence(Registrant registrant, Map<String, String> annotations, boolean standing, Instant since) {
  public Presence {
    annotations = Map.copyOf(annotations);
  }
}
