package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.loop.Timer;
import dev.tenon.proxy.loop.Timers;

/**
 * The times of one request: the route's for the whole answer, one attempt's, and how long nothing may
 * move. One timer serves all three; what moves only notes the time.
 */
final class Deadlines {
  /** Which time is up. */
  enum Kind {
    ROUTE,
    ATTEMPT,
    IDLE
  }

  private static final long NEVER = Long.MAX_VALUE;

  private final Timers timers;
  private final Late late;
  private long routeNanos;
  private long routeAt;
  private long attemptAt;
  private long idleNanos;
  private long movedAt;
  private boolean counting;
  private final Timer timer =
      new Timer() {
        @Override
        protected void expired() {
          look();
        }
      };

  Deadlines(Timers timers, Late late) {
    this.timers = timers;
    this.late = late;
  }

  void begin(RouteAction.Forward action, long listenerIdle, long now) {
    routeNanos = action.timeout().toNanos();
    idleNanos = action.idle().isPresent() ? action.idle().get().toNanos() : listenerIdle;
    routeAt = NEVER;
    attemptAt = NEVER;
    counting = false;
    movedAt = now;
  }

  /** The whole request has come: the route's time begins, unless it has. */
  void requestDone() {
    if (!counting) {
      requestDone(System.nanoTime());
      arm();
    }
  }

  private void requestDone(long now) {
    counting = true;
    movedAt = now;
    routeAt = routeNanos > 0 ? now + routeNanos : NEVER;
  }

  /**
   * An attempt begins.
   *
   * @param complete whether the whole request is here
   */
  void attempt(long nanos, long now, boolean complete) {
    attemptAt = nanos > 0 ? now + nanos : NEVER;
    movedAt = now;
    if (complete && !counting) {
      requestDone(now);
    }
    arm();
  }

  /** The answer's head has come: its attempt is no longer the matter. */
  void answering() {
    attemptAt = NEVER;
    movedAt = System.nanoTime();
  }

  /** Something was sent or received. */
  void moved() {
    movedAt = System.nanoTime();
  }

  void end() {
    timers.disarm(timer);
  }

  private void arm() {
    long idleAt = idleNanos > 0 ? movedAt + idleNanos : NEVER;
    long next = Math.min(idleAt, Math.min(routeAt, attemptAt));
    if (next != NEVER) {
      timers.arm(timer, next);
    }
  }

  private void look() {
    long now = System.nanoTime();
    if (routeAt != NEVER && routeAt - now <= 0) {
      routeAt = NEVER;
      late.late(Kind.ROUTE);
    } else if (attemptAt != NEVER && attemptAt - now <= 0) {
      attemptAt = NEVER;
      arm();
      late.late(Kind.ATTEMPT);
    } else if (idleNanos > 0 && movedAt + idleNanos - now <= 0) {
      late.late(Kind.IDLE);
    } else {
      arm();
    }
  }

  /** Told which time is up. */
  @FunctionalInterface
  interface Late {
    void late(Kind kind);
  }
}
