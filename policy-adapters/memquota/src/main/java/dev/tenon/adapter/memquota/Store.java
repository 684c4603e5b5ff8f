package dev.tenon.adapter.memquota;

import dev.tenon.quotas.Ask;
import dev.tenon.quotas.Limit;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.QuotaAdapter.Spending;
import dev.tenon.spi.policy.QuotaAdapter.Top;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The counters of one handler, by key. When there are as many as there may be, keys that are not known yet
 * are counted together, each instance's under one key: whoever invents keys takes the quota of whoever comes
 * new, and no memory.
 *
 * <p>Thread-safe; each key belongs to one of some hundred stripes, and a call holds its stripe for less than a
 * microsecond.
 */
final class Store {
  /** What unknown keys are counted under when there are too many. */
  static final String OTHERS = " (all others)";

  private static final int STRIPES = 512;

  /** Until so long after the last piece was given, the next one holds what has come since. */
  private static final long SWAP_NANOS = Duration.ofMinutes(5).toNanos();

  private final Stripe[] stripes = new Stripe[STRIPES];
  private final AtomicInteger keys = new AtomicInteger();
  private final LongSupplier clock;
  private volatile int most = 1_000_000;
  private long lastGiven;
  private boolean giving;

  Store(LongSupplier clock) {
    this.clock = clock;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe(keys);
    }
  }

  /** How many keys there may be. */
  void most(int keys) {
    most = keys;
  }

  int size() {
    return keys.get();
  }

  private Stripe stripe(String key) {
    int hash = key.hashCode();
    return stripes[(hash ^ hash >>> 16) & (STRIPES - 1)];
  }

  /** More keys, coarser windows: what all of them take stays bounded. */
  private int parts() {
    int count = keys.get();
    return count < 4_096 ? 1024 : count < 65_536 ? 64 : 3;
  }

  Grant take(String key, String instance, Limit limit, Charge charge) {
    long now = clock.getAsLong();
    Ask ask = Ask.of(charge);
    Grant grant = stripe(key).take(key, limit, ask, charge.settled(), now, parts(), keys.get() < most);
    if (grant != null) {
      return grant;
    }
    String together = instance + OTHERS;
    Grant others = stripe(together).take(together, limit, ask, charge.settled(), now, parts(), true);
    return others == null ? new Grant(0, Duration.ZERO) : others;
  }

  /** Adds what a predecessor has counted. */
  void take(String key, Carried carried) {
    stripe(key).add(key, carried, clock.getAsLong());
  }

  boolean reset(String key) {
    return stripe(key).remove(key);
  }

  void sweep() {
    long now = clock.getAsLong();
    for (Stripe each : stripes) {
      each.sweep(now);
    }
  }

  /** How a key stands; nothing is taken. */
  Grant.Standing standing(String key, Limit limit) {
    return stripe(key).standing(key, limit, clock.getAsLong());
  }

  Top top(int wanted) {
    Comparator<Spending> emptiestFirst = Comparator.comparingDouble(each -> (double) each.spent() / (double) each.limit());
    PriorityQueue<Spending> fullest = new PriorityQueue<>(emptiestFirst);
    long now = clock.getAsLong();
    long[] keys = new long[1];
    for (Stripe each : stripes) {
      each.tell(now, spending -> {
        keys[0]++;
        fullest.add(spending);
        if (fullest.size() > wanted) {
          fullest.remove();
        }
      });
    }
    List<Spending> all = new ArrayList<>(fullest);
    all.sort(emptiestFirst.reversed().thenComparing(Spending::key));
    return new Top(all, keys[0], true);
  }

  /** Whether a swap is under way: a piece was given, and another one may be asked for. */
  synchronized boolean isGiving() {
    return giving && clock.getAsLong() - lastGiven <= SWAP_NANOS;
  }

  /**
   * What has not been given yet, of so many keys at most. The first call gives what there is and begins to note what
   * comes then; a long time after the last one it is the first again, for that swap came to nothing.
   */
  synchronized Map<String, Object> give(int room) {
    long now = clock.getAsLong();
    if (!isGiving()) {
      giving = true;
      for (Stripe each : stripes) {
        each.beginToGive();
      }
    }
    lastGiven = now;
    Map<String, Object> given = new HashMap<>();
    for (Stripe each : stripes) {
      each.give(now, room, given);
    }
    return given;
  }
}
