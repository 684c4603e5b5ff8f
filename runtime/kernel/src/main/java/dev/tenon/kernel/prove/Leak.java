package dev.tenon.kernel.prove;

import java.util.List;

/**
 * A class loader that was not collected in time.
 *
 * @param module whose it was
 * @param build version and content hash
 * @param closedMillis when the module was closed, since 1970
 * @param path what holds it, from a root to the loader; empty when that is not known
 * @param reason why the path is not known; empty otherwise
 */
public record Leak(String module, String build, long closedMillis, List<String> path, String reason) {
  public Leak {
    path = List.copyOf(path);
  }

  /** The path on one line, or why there is none. */
  public String text() {
    return path.isEmpty() ? reason : String.join(" → ", path);
  }
}
