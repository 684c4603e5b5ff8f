package dev.tenon.quotas;

import java.util.Arrays;

/**
 * Spent in the window that ends now. Spendings that follow each other within a part of the window, a
 * thousandth unless it is made coarser, are one entry, which counts until a window after the last of them: so the
 * limit is never passed, and one that is always wanted is used but for that part. State: a pair for each
 * entry, its time and how much.
 *
 * <p>Takes 100 bytes for a key that spends seldom, at most 32 KB for one that spends all the time.
 */
public final class RollingWindow extends Counter {
  private static final int MOST_ENTRIES = 1025;

  /** How many parts a window has, unless it is said to have fewer. */
  static final int FINEST = 1024;

  /** A ring of pairs, oldest first from {@code head} on. */
  private long[] ring = new long[2];

  private int head;
  private int count;
  private int parts = FINEST;
  private long newestStart;
  private long used;

  RollingWindow(Limit limit) {
    super(limit);
  }

  @Override
  public void parts(int most) {
    parts = Math.min(FINEST, Math.max(1, most));
  }

  private int place(int entry) {
    return ((head + entry) * 2) % ring.length;
  }

  private void expire(long now) {
    while (count > 0 && now - ring[place(0)] >= limit().window()) {
      used -= ring[place(0) + 1];
      head = (head + 1) % (ring.length / 2);
      count--;
    }
  }

  @Override
  public void spend(long now, long amount, long hold) {
    expire(now);
    long time = now + hold;
    if (count > 0) {
      int newest = place(count - 1);
      if (count == MOST_ENTRIES || time - newestStart < limit().window() / parts || time <= ring[newest]) {
        ring[newest] = Math.max(ring[newest], time);
        ring[newest + 1] += amount;
        used += amount;
        return;
      }
    }
    if (count * 2 == ring.length) {
      grow();
    }
    count++;
    int newest = place(count - 1);
    ring[newest] = time;
    ring[newest + 1] = amount;
    newestStart = time;
    used += amount;
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

  @Override
  void add(long[] state) {
    long[] mine = new long[count * 2 + state.length];
    for (int i = 0; i < count; i++) {
      mine[i * 2] = ring[place(i)];
      mine[i * 2 + 1] = ring[place(i) + 1];
    }
    System.arraycopy(state, 0, mine, count * 2, state.length);
    Integer[] order = new Integer[mine.length / 2];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (one, other) -> Long.compare(mine[one * 2], mine[other * 2]));
    ring = new long[2];
    head = 0;
    count = 0;
    used = 0;
    for (int i : order) {
      // Nothing is dropped here: what is over goes at the next call that knows the time.
      append(mine[i * 2], mine[i * 2 + 1]);
    }
  }

  private void append(long time, long amount) {
    if (count > 0 && (count == MOST_ENTRIES || time - newestStart < limit().window() / parts)) {
      ring[place(count - 1)] = time;
      ring[place(count - 1) + 1] += amount;
    } else {
      if (count * 2 == ring.length) {
        grow();
      }
      count++;
      ring[place(count - 1)] = time;
      ring[place(count - 1) + 1] = amount;
      newestStart = time;
    }
    used += amount;
  }
}
