package dev.tenon.kernel.swap;

import java.time.Duration;

/**
 * How long each phase of a module's life may take. The switch itself is bounded by its barrier, 5 s.
 *
 * @param load for a class loader of its own; and once more for its verification
 * @param start for its activator and {@code Module.start}
 * @param ready from then until it is ready, when an older generation serves meanwhile
 * @param warm from then until the switch, when an older generation serves meanwhile; zero: it is not warmed
 * @param drain for an old generation's work
 * @param close for {@code Running.close}; and once more for its activator's stop
 */
public record Deadlines(Duration load, Duration start, Duration ready, Duration warm, Duration drain, Duration close) {
  /** From a jar's being seen to its serving, at most. */
  public Duration untilSwitched() {
    return load.multipliedBy(2).plus(start).plus(ready).plus(warm);
  }

  /** From its being unwanted to its being gone, at most. */
  public Duration untilGone() {
    return drain.plus(close.multipliedBy(2));
  }
}
