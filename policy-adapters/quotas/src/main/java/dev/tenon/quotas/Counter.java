package dev.tenon.quotas;

/**
 * What one key has spent. The limit comes with each call: one that was changed holds from the next call on,
 * for what was spent before too. Time is in nanoseconds of a clock that never goes back.
 *
 * <p>Not thread-safe.
 */
public abstract sealed class Counter permits FixedWindow, RollingWindow, CellRate {
  private Limit limit;

  Counter(Limit limit) {
    this.limit = limit;
  }

  /** A counter that has spent nothing. */
  public static Counter of(Limit limit) {
    return switch (limit.kind()) {
      case FIXED -> new FixedWindow(limit);
      case ROLLING -> new RollingWindow(limit);
      case GCRA -> new CellRate(limit);
    };
  }

  /** A counter that has spent what {@link #state} told. */
  public static Counter of(Limit limit, long[] state) {
    Counter counter = of(limit);
    counter.add(state);
    return counter;
  }

  /** This, or one of another kind that has spent as much, if that is what the limit wants now. */
  public final Counter under(Limit now, long at) {
    if (now.kind() == limit.kind()) {
      limit = now;
      return this;
    }
    Counter other = of(now);
    long spent = spent(at);
    if (spent > 0) {
      other.spend(at, spent, 0);
    }
    return other;
  }

  /** The limit of the last call. */
  public final Limit limit() {
    return limit;
  }

  /**
   * Says into how many parts a window is divided at most, from now on: fewer take less memory, and more of what
   * was spent is free again later than it might be.
   */
  public void parts(int most) {}

  /** Takes what is granted, and returns it. */
  public final long take(long now, Ask ask) {
    long granted = ask.outOf(left(now));
    if (granted > 0) {
      spend(now, granted, ask.held(limit.window()));
    }
    return granted;
  }

  /** Notes a spending, whatever is left; for what was granted by somebody else. */
  public abstract void spend(long now, long amount, long hold);

  /**
   * Hears that a part of what was granted was spent earlier than it might have been. Makes a difference to windows that
   * roll alone.
   *
   * @param mark up to when it might have been spent: when it was granted, and how long it was held
   * @param before so long before that it was spent, or earlier; {@link Limit#FOREVER} when it was not spent
   */
  public void settle(long now, long mark, long amount, long before) {}

  /** What is left; never less than 0. */
  public abstract long left(long now);

  /** What was spent and counts now. */
  public abstract long spent(long now);

  /** How long until more is left than now; 0 when nothing is spent. */
  public abstract long reset(long now);

  /** How long an amount that is not left now is sure not to be; at most until everything is free. */
  public abstract long refusal(long now, long amount);

  /** How long a grant that was just given may be used: until its window ends, or as long as it is held. */
  public abstract long validity(long now, Ask ask);

  /** Whether nothing that was spent counts any more. */
  public abstract boolean isOver(long now);

  /** What was spent, as pairs of numbers that mean something to counters of this kind. */
  public abstract long[] state(long now);

  /** Adds what another counter of this kind has spent. */
  abstract void add(long[] state);

  /** Adds what another counter told as its {@link #state}; of another kind, it counts as spent now. */
  public final void add(Limit theirs, long[] state, long now) {
    if (theirs.kind() == limit.kind()) {
      add(state);
      return;
    }
    long amount = of(theirs, state).spent(now);
    if (amount > 0) {
      spend(now, amount, 0);
    }
  }
}
