package dev.tenon.kernel.plan;

import java.util.List;

/**
 * What is wanted.
 *
 * @param needed the modules that the profile names, in the order of start
 * @param jars the distribution's and those in the drop folder
 */
public record Desired(List<String> needed, List<Given> jars) {
  public Desired {
    needed = List.copyOf(needed);
    jars = List.copyOf(jars);
  }
}
