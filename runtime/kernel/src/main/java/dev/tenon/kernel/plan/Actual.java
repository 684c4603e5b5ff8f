package dev.tenon.kernel.plan;

import java.util.Map;
import java.util.Set;

/**
 * What is there.
 *
 * @param running by place, the jar that its present generation was made of
 * @param failed attempts that failed, as {@link Given#attempt} names them
 * @param held attempts during which an earlier process died; not made again while there is another choice
 * @param revoked digests of jars whose signers are no longer trusted: what runs of them goes, whoever needs it
 * @param good by place, the build that last served, from the kernel's own store
 */
public record Actual(Map<String, Given> running, Set<String> failed, Set<String> held, Set<String> revoked, Map<String, Given> good) {
  public Actual {
    running = Map.copyOf(running);
    failed = Set.copyOf(failed);
    held = Set.copyOf(held);
    revoked = Set.copyOf(revoked);
    good = Map.copyOf(good);
  }

  /** Whether a jar may run no longer. */
  boolean mustGo(Given jar) {
    return revoked.contains(jar.signed().digest());
  }
}
