package dev.tenon.adapter.memquota;

import dev.tenon.spi.policy.Grant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers to questions that may be asked again: each is kept for one to two periods, as in Mixer. When there are
 * too many of a period the rest is not kept, and charged again if it is repeated. Thread-safe.
 */
final class Repeats {
  private static final int MOST = 200_000;

  private final long period;
  private final LongSupplier clock;
  private Map<String, Kept> present = new HashMap<>();
  private Map<String, Kept> before = new HashMap<>();
  private long began;

  /** @param period in nanoseconds */
  Repeats(long period, LongSupplier clock) {
    this.period = period;
    this.clock = clock;
    this.began = clock.getAsLong();
  }

  private record Kept(Grant grant, long at) {}

  /** The answer that was given, or a new one. */
  Grant once(String question, Supplier<Grant> answer) {
    synchronized (this) {
      turn(clock.getAsLong());
      Kept kept = known(question);
      if (kept != null) {
        long since = clock.getAsLong() - kept.at;
        long left = kept.grant.validity().toNanos() - since;
        return new Grant(kept.grant.granted(), java.time.Duration.ofNanos(Math.max(0, left)), kept.grant.standing(), kept.grant.mark());
      }
      Grant grant = answer.get();
      if (present.size() < MOST) {
        present.put(question, new Kept(grant, clock.getAsLong()));
      }
      return grant;
    }
  }

  private @Nullable Kept known(String question) {
    Kept kept = present.get(question);
    return kept == null ? before.get(question) : kept;
  }

  private void turn(long now) {
    if (now - began >= period) {
      before = now - began >= 2 * period ? new HashMap<>() : present;
      present = new HashMap<>();
      began = now;
    }
  }
}
