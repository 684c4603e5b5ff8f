package dev.tenon.kernel.plan;

import java.util.List;
import java.util.Set;

/**
 * What is wanted.
 *
 * @param needed the modules that the profile names, in the order of start
 * @param disabled the modules that a file {@code NAME.disabled} in the drop folder asks to remove
 * @param jars the distribution's and those in the drop folder
 */
public record Desired(List<String> needed, Set<String> disabled, List<Given> jars) {
  public Desired {
    needed = List.copyOf(needed);
    disabled = Set.copyOf(disabled);
    jars = List.copyOf(jars);
  }

  /** Whether the profile cannot do without a module. */
  boolean needs(String module) {
    return needed.contains(module);
  }
}
