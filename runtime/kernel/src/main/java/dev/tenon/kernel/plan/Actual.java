package dev.tenon.kernel.plan;

import java.util.Map;
import java.util.Set;

/**
 * What is there.
 *
 * @param running by module, the jar that its present generation was made of
 * @param failed attempts that failed, as {@link Given#attempt} names them
 */
public record Actual(Map<String, Given> running, Set<String> failed) {
  public Actual {
    running = Map.copyOf(running);
    failed = Set.copyOf(failed);
  }
}
