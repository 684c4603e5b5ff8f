package dev.tenon.mixer.share;

import dev.tenon.spi.policy.Grant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was granted ahead for one key and is not spent yet. Two grants at most, each with the time until which
 * it may be spent: one number each, so that spending takes no lock.
 *
 * <p>{@link #spend}, {@link #refuses} and the figures from any thread; the rest on one thread.
 */
final class Pool {
  /** A tick of what stands in the upper half of a grant: 1.05 ms; rounded down, so that a grant ends early rather than late. */
  private static final int TICK_BITS = 20;

  private static final long SECOND = 1_000_000_000L;
  private static final int LEAST_WANTED = 4;

  /** How old a refusal becomes before it is asked whether it still holds. */
  private static final long OLD = SECOND;

  /** How far it is looked ahead. What is asked for beyond that a window may end before, and then it lapses. */
  private static final long AHEAD = SECOND / 2;

  private final long began;
  private final AtomicLongArray grants = new AtomicLongArray(2);
  private final AtomicLong usedNow = new AtomicLong();
  private volatile long usedBefore;
  private volatile long second;
  private volatile long refusedUntil;
  private volatile long refusedAmount = Long.MAX_VALUE;
  private volatile long askAgain;
  private volatile long touched;
  private volatile long granted = Long.MAX_VALUE;
  private volatile long lasted = SECOND;

  private volatile Grant.Standing standing = Grant.Standing.UNKNOWN;

  /** Those who wait for an answer, and whether one is on its way. */
  final Deque<Waiter> waiting = new ArrayDeque<>();

  volatile boolean fetching;

  /** What is to be told with the next question. */
  final Settling settling = new Settling();

  /** What the two are made of. */
  private final List<List<Settling.Open>> open = List.of(new ArrayList<>(0), new ArrayList<>(0));

  Pool(long now) {
    this.began = now;
    this.second = now;
    this.touched = now;
    this.refusedUntil = now;
    this.askAgain = now;
  }

  private int tick(long now) {
    return (int) ((now - began) >> TICK_BITS);
  }

  /** Spends an amount of one grant; false when none has as much that is still valid. */
  boolean spend(long amount, long now) {
    if (amount > Integer.MAX_VALUE) {
      return false;
    }
    int tick = tick(now);
    for (int i = 0; i < 2; i++) {
      long grant = grants.get(i);
      while ((int) grant >= amount && (int) (grant >>> 32) - tick > 0) {
        if (grants.compareAndSet(i, grant, grant - amount)) {
          return true;
        }
        grant = grants.get(i);
      }
    }
    return false;
  }

  /** What may be spent now. */
  long left(long now) {
    int tick = tick(now);
    long left = 0;
    for (int i = 0; i < 2; i++) {
      long grant = grants.get(i);
      left += (int) (grant >>> 32) - tick > 0 ? (int) grant : 0;
    }
    return left;
  }

  /** Adds a grant. Where two are still in use, the new one lasts no longer than the one it joins. */
  void put(Settling.Open from, long until, long now) {
    granted = from.amount();
    lasted = until - now;
    int granted = (int) Math.min(Integer.MAX_VALUE / 2, from.amount());
    int end = tick(until);
    int tick = tick(now);
    int best = 0;
    for (int i = 0; i < 2; i++) {
      long grant = grants.get(i);
      if ((int) grant == 0 || (int) (grant >>> 32) - tick <= 0) {
        if (grants.compareAndSet(i, grant, pack(end, granted))) {
          close(i, (int) grant, now);
          open(i, from);
          return;
        }
      }
      best = (int) (grant >>> 32) > (int) (grants.get(best) >>> 32) ? i : best;
    }
    long grant;
    long joined;
    do {
      grant = grants.get(best);
      joined = pack(Math.min(end, (int) (grant >>> 32)), Math.min(Integer.MAX_VALUE / 2, (int) grant) + granted);
    } while (!grants.compareAndSet(best, grant, joined));
    open(best, from);
  }

  private void open(int place, Settling.Open from) {
    if (from.mark() != 0) {
      open.get(place).add(from);
    }
  }

  /** Settles what was all spent by now, and gives back what is not valid any more. */
  void settle(long now) {
    int tick = tick(now);
    for (int i = 0; i < 2; i++) {
      long grant = grants.get(i);
      boolean isOver = (int) (grant >>> 32) - tick <= 0;
      if ((int) grant == 0 || (isOver && grants.compareAndSet(i, grant, 0))) {
        close(i, (int) grant, now);
      }
    }
  }

  /** Of what one of the two was made of, so much is left; the rest was spent before now. */
  private void close(int place, int left, long now) {
    long unspent = left;
    for (Settling.Open each : open.get(place)) {
      long back = Math.min(unspent, each.amount());
      settling.unspent(each.mark(), back);
      unspent -= back;
      if (back < each.amount()) {
        settling.spent(new Settling.Open(each.mark(), each.amount() - back, each.last()), now);
      }
    }
    open.get(place).clear();
  }

  private static long pack(int end, int amount) {
    return (long) end << 32 | amount;
  }

  /** Whether an amount is known not to be there. */
  boolean refuses(long amount, long now) {
    return amount >= refusedAmount && refusedUntil - now > 0;
  }

  void refuse(long amount, long until, long now) {
    refusedAmount = amount;
    refusedUntil = until;
    askAgain = now + OLD;
  }

  /** So much was there after all. */
  void lift(long amount, long now) {
    if (amount >= refusedAmount) {
      refusedUntil = now;
    }
  }

  /** Whether somebody should ask whether a refusal still holds; nobody else should for a while then. */
  boolean isToAskAgain(long now) {
    if (fetching || now - askAgain < 0) {
      return false;
    }
    askAgain = now + OLD;
    fetching = true;
    return true;
  }

  /** Counts a request, for {@link #wanted}. */
  void used(long amount, long now) {
    touched = now;
    if (now - second >= SECOND) {
      usedBefore = now - second >= 2 * SECOND ? 0 : usedNow.get();
      usedNow.set(0);
      second = now;
    }
    usedNow.addAndGet(amount);
  }

  /** How much is likely to be needed while a grant lasts, for half a second at most. */
  long wanted(long now) {
    return Math.max(lasted >= AHEAD ? LEAST_WANTED : 1, (long) likely(now));
  }

  private double likely(long now) {
    long each = now - second >= 2 * SECOND ? 0 : Math.max(usedBefore, usedNow.get());
    return (double) each * ((double) Math.min(AHEAD, lasted) / SECOND);
  }

  /**
   * Whether it is time to ask for more: no more than a fourth is left of what is wanted, or of the last grant if that was
   * smaller. Not for what would have lapsed before anybody is likely to want it.
   */
  boolean isLow(long now) {
    return (lasted >= AHEAD || likely(now) >= 1) && 4 * left(now) <= Math.min(granted, wanted(now));
  }

  /** How the quota stood when it was last asked. */
  Grant.Standing standing() {
    return standing;
  }

  void standing(Grant.Standing told) {
    standing = told;
  }

  long touched() {
    return touched;
  }
}
