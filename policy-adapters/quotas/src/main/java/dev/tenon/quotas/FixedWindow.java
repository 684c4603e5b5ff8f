package dev.tenon.quotas;

/** Spent in a window that begins with the first spending. State: one pair, when it began and how much. */
public final class FixedWindow extends Counter {
  private long start;
  private long used;

  FixedWindow(Limit limit) {
    super(limit);
  }

  private boolean isOpen(long now) {
    return used > 0 && now - start < limit().window();
  }

  @Override
  public void spend(long now, long amount, long hold) {
    if (!isOpen(now)) {
      start = now;
      used = 0;
    }
    used += amount;
  }

  @Override
  public long left(long now) {
    return Math.max(0, limit().max() - spent(now));
  }

  @Override
  public long spent(long now) {
    return isOpen(now) ? used : 0;
  }

  @Override
  public long reset(long now) {
    return isOpen(now) ? limit().window() - (now - start) : 0;
  }

  @Override
  public long refusal(long now, long amount) {
    return amount > limit().max() ? limit().window() : reset(now);
  }

  @Override
  public long validity(long now, Ask ask) {
    return reset(now);
  }

  @Override
  public boolean isOver(long now) {
    return !isOpen(now);
  }

  @Override
  public long[] state(long now) {
    return isOpen(now) ? new long[] {start, used} : new long[0];
  }

  /** Two windows that overlap become one with the later end. */
  @Override
  void add(long[] state) {
    for (int i = 0; i < state.length; i += 2) {
      long from = state[i];
      if (used == 0 || from - start >= limit().window()) {
        start = from;
        used = state[i + 1];
      } else if (start - from < limit().window()) {
        start = Math.max(start, from);
        used += state[i + 1];
      }
    }
  }
}
