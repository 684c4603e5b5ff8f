package dev.tenon.quotas;

/**
 * Spent in the window that ends now. Each spending has a moment up to which it may still be being spent, and counts until a
 * window after that. Moments within a part of the window, a thousandth unless it is made coarser, are one entry, which has the
 * last of them: so the limit is never passed, and one that is always wanted is used but for that part. Moments need not come in
 * order, and a spending that turns out to have been earlier is moved there. State: a pair for each entry, its moment and how much.
 *
 * <p>Takes 100 bytes for a key that spends seldom, at most 32 KB for one that spends all the time.
 */
public final class RollingWindow extends Counter {
  private static final int MOST_ENTRIES = 2048;

  /** How many parts a window has, unless it is said to have fewer. */
  static final int FINEST = 1024;

  /** A ring of pairs, oldest first from {@code head} on. */
  private long[] ring = new long[2];

  private int head;
  private int count;
  private int parts = FINEST;

  /** The earliest moment that may be in the newest entry. */
  private long newestStart;

  private long used;

  RollingWindow(Limit limit) {
    super(limit);
  }

  @Override
  public void parts(int most) {
    parts = Math.min(FINEST, Math.max(1, most));
  }

  private long grain() {
    return Math.max(1, limit().window() / parts);
  }

  private int place(int entry) {
    return ((head + entry) * 2) % ring.length;
  }

  private void expire(long now) {
    while (count > 0 && now - ring[place(0)] >= limit().window()) {
      used -= ring[place(0) + 1];
      remove(0);
    }
  }

  /** The first entry that is not before a moment; {@code count} when there is none. */
  private int from(long time) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ring[place(middle)] - time < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public void spend(long now, long amount, long hold) {
    expire(now);
    note(now + hold, amount);
  }

  private void note(long time, long amount) {
    used += amount;
    int entry = from(time);
    if (entry < count && (ring[place(entry)] - time < grain() || count == MOST_ENTRIES)) {
      ring[place(entry) + 1] += amount;
      if (entry == count - 1) {
        newestStart = Math.min(newestStart, time);
      }
    } else if (entry > 0 && entry == count && (time - newestStart < grain() || count == MOST_ENTRIES)) {
      ring[place(entry - 1)] = time;
      ring[place(entry - 1) + 1] += amount;
    } else {
      insert(entry, time, amount);
    }
  }

  /** What is spent all the time comes at the end or near it. */
  private void insert(int entry, long time, long amount) {
    if (count * 2 == ring.length) {
      grow();
    }
    for (int i = count; i > entry; i--) {
      copy(i - 1, i);
    }
    ring[place(entry)] = time;
    ring[place(entry) + 1] = amount;
    if (entry == count) {
      newestStart = time;
    }
    count++;
  }

  private void remove(int entry) {
    if (entry == 0) {
      head = (head + 1) % (ring.length / 2);
    } else {
      for (int i = entry; i < count - 1; i++) {
        copy(i + 1, i);
      }
    }
    count--;
    if (entry == count && count > 0) {
      newestStart = ring[place(count - 1)] - grain(); // when it began is not known any more
    }
  }

  private void copy(int from, int to) {
    ring[place(to)] = ring[place(from)];
    ring[place(to) + 1] = ring[place(from) + 1];
  }

  @Override
  public void settle(long now, long mark, long amount, long before) {
    expire(now);
    int entry = from(mark);
    if (entry == count || ring[place(entry)] - mark >= grain()) {
      return; // it counts no more, or it was counted when parts had another length: then it stays where it is
    }
    long moved = Math.min(amount, ring[place(entry) + 1]);
    ring[place(entry) + 1] -= moved;
    used -= moved;
    if (ring[place(entry) + 1] == 0) {
      remove(entry);
    }
    if (before < Limit.FOREVER && now - (mark - before) < limit().window()) {
      note(mark - before, moved);
    }
  }

  private void grow() {
    long[] larger = new long[ring.length * 2];
    for (int i = 0; i < count; i++) {
      larger[i * 2] = ring[place(i)];
      larger[i * 2 + 1] = ring[place(i) + 1];
    }
    ring = larger;
    head = 0;
  }

  @Override
  public long left(long now) {
    return Math.max(0, limit().max() - spent(now));
  }

  @Override
  public long spent(long now) {
    expire(now);
    return used;
  }

  @Override
  public long reset(long now) {
    expire(now);
    return count == 0 ? 0 : limit().window() - (now - ring[place(0)]);
  }

  @Override
  public long refusal(long now, long amount) {
    expire(now);
    if (amount > limit().max()) {
      return limit().window();
    }
    long still = used;
    for (int i = 0; i < count; i++) {
      still -= ring[place(i) + 1];
      if (limit().max() - still >= amount) {
        return limit().window() - (now - ring[place(i)]);
      }
    }
    return 0;
  }

  @Override
  public long validity(long now, Ask ask) {
    long held = ask.held(limit().window());
    return held > 0 ? held : limit().window();
  }

  @Override
  public boolean isOver(long now) {
    expire(now);
    return count == 0;
  }

  @Override
  public long[] state(long now) {
    expire(now);
    long[] state = new long[count * 2];
    for (int i = 0; i < count; i++) {
      state[i * 2] = ring[place(i)];
      state[i * 2 + 1] = ring[place(i) + 1];
    }
    return state;
  }

  /** Nothing is dropped here: what is over goes at the next call that knows the time. */
  @Override
  void add(long[] state) {
    for (int i = 0; i < state.length; i += 2) {
      note(state[i], state[i + 1]);
    }
  }
}
