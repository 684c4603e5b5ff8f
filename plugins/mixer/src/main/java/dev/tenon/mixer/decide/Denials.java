package dev.tenon.mixer.decide;

import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Verdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The last requests that were denied: who denied them, and nothing of what they said. A request that goes on never comes here. Thread-safe,
 * without a lock; some 100 KB at most.
 */
public final class Denials {
  /** How many are remembered. */
  public static final int MOST = 1_024;

  private static final int LONGEST_ID = 128;

  private final AtomicReferenceArray<Denial> last = new AtomicReferenceArray<>(MOST);
  private final AtomicLong count = new AtomicLong();
  private final InstantSource clock;

  Denials(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * A request that was denied.
   *
   * @param id of the request
   * @param rule {@code name.namespace}
   * @param handler {@code name.namespace}
   */
  public record Denial(String id, Instant at, String rule, String handler, Verdict.Code code) {}

  void add(String id, Outcome outcome) {
    if (!id.isEmpty() && id.length() <= LONGEST_ID && outcome.verdict() instanceof Verdict.Deny deny) {
      last.set((int) (count.getAndIncrement() % MOST), new Denial(id, clock.instant(), outcome.rule(), outcome.handler(), deny.code()));
    }
  }

  /** Those of an id, the latest first: the same id is often sent again, and from one workload to the next. */
  public List<Denial> of(String id) {
    List<Denial> found = new ArrayList<>();
    long end = count.get();
    for (long i = end - 1; i >= Math.max(0, end - MOST); i--) {
      Denial each = last.get((int) (i % MOST));
      if (each != null && each.id().equals(id)) {
        found.add(each);
      }
    }
    return found;
  }
}
