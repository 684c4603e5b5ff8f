package dev.tenon.pilot.serve;

import dev.tenon.pilot.translate.Resource;
import java.util.List;

/**
 * What a client lacks of one type.
 *
 * @param changed new, other than it has, or asked for again
 * @param removed it has them, and they are no more
 * @param missing it asks for them, and they do not exist
 */
record Difference(List<Resource> changed, List<String> removed, List<String> missing) {
  static final Difference NONE = new Difference(List.of(), List.of(), List.of());

  boolean isEmpty() {
    return changed.isEmpty() && removed.isEmpty() && missing.isEmpty();
  }

  /** The same, but nothing is taken away yet. */
  Difference withoutRemovals() {
    return removed.isEmpty() ? this : new Difference(changed, List.of(), missing);
  }
}
