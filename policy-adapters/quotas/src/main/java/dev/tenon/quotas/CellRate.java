package dev.tenon.quotas;

/**
 * The generic cell rate algorithm: one time for each key, that by which all that was spent would be back at
 * the steady rate. In any window at most the limit and one burst are spent. State: one pair, a time and how
 * long it still was then until all is back.
 */
public final class CellRate extends Counter {
  private long back;
  private boolean used;

  CellRate(Limit limit) {
    super(limit);
  }

  /** How long it takes until an amount is back, rounded up. */
  private long cost(long amount) {
    long window = limit().window();
    long max = limit().max();
    if (amount <= Long.MAX_VALUE / window - 1) {
      return (amount * window + max - 1) / max;
    }
    return (long) Math.min((double) Limit.FOREVER, Math.ceil((double) amount / (double) max * (double) window));
  }

  private long debt(long now) {
    return used ? Math.max(0, back - now) : 0;
  }

  @Override
  public void spend(long now, long amount, long hold) {
    back = now + Math.min(Limit.FOREVER, debt(now) + cost(amount));
    used = true;
  }

  @Override
  public long left(long now) {
    long room = cost(limit().burst()) - debt(now);
    if (room <= 0) {
      return 0;
    }
    long left = Math.min(limit().burst(), (long) ((double) room / (double) limit().window() * (double) limit().max()) + 1);
    while (left > 0 && cost(left) > room) {
      left--;
    }
    return left;
  }

  @Override
  public long spent(long now) {
    return limit().burst() - left(now);
  }

  @Override
  public long reset(long now) {
    long debt = debt(now);
    return debt == 0 ? 0 : Math.max(1, debt - (cost(limit().burst()) - cost(left(now) + 1)));
  }

  @Override
  public long refusal(long now, long amount) {
    return amount > limit().burst()
        ? limit().window()
        : Math.max(0, debt(now) - (cost(limit().burst()) - cost(amount)));
  }

  @Override
  public long validity(long now, Ask ask) {
    long held = ask.held(limit().window());
    return held > 0 ? held : limit().window();
  }

  @Override
  public boolean isOver(long now) {
    return debt(now) == 0;
  }

  @Override
  public long[] state(long now) {
    long debt = debt(now);
    return debt == 0 ? new long[0] : new long[] {now, debt};
  }

  @Override
  void add(long[] state) {
    for (int i = 0; i < state.length; i += 2) {
      long from = used ? Math.max(back, state[i]) : state[i];
      back = from + state[i + 1];
      used = true;
    }
  }
}
