package dev.tenon.pilot.gather;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Tells whether a registry flaps: one that was lost {@value #MOST} times within a minute is not
 * listened to before it has been steady for ten seconds. Losses and returns alike begin the ten seconds
 * anew; with fewer losses than that it is believed at once. Not thread-safe.
 */
final class Damper {
  static final int MOST = 4;
  static final Duration WINDOW = Duration.ofMinutes(1);
  static final Duration QUIET = Duration.ofSeconds(10);

  private final Deque<Instant> losses = new ArrayDeque<>(MOST);
  private Instant last = Instant.MIN;
  private boolean damped;

  /** The registry was lost. */
  void lost(Instant now) {
    if (losses.size() == MOST) {
      losses.removeFirst();
    }
    losses.addLast(now);
    damped |= losses.size() == MOST && losses.getFirst().isAfter(now.minus(WINDOW));
    last = now;
  }

  /** The registry came back. */
  void returned(Instant now) {
    last = now;
  }

  /** Until when it is not listened to, if nothing more happens; empty while it is believed. */
  Optional<Instant> until(Instant now) {
    damped &= now.isBefore(last.plus(QUIET));
    return damped ? Optional.of(last.plus(QUIET)) : Optional.empty();
  }
}
