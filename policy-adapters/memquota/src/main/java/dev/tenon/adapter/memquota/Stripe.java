package dev.tenon.adapter.memquota;

import dev.tenon.quotas.Ask;
import dev.tenon.quotas.Counter;
import dev.tenon.quotas.Limit;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.QuotaAdapter.Spending;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Some of the counters, behind one lock. */
final class Stripe {
  private final AtomicInteger keys;
  private Map<String, Counter> counters = new HashMap<>();

  /** While a swap is under way: the keys that were not given yet, and what the others have spent since. */
  private @Nullable Set<String> notGiven;

  private Map<String, Counter> since = new HashMap<>();

  Stripe(AtomicInteger keys) {
    this.keys = keys;
  }

  /** @return null when the key is not known and there is no room for it */
  synchronized @Nullable Grant take(
      String key, Limit limit, Ask ask, List<Charge.Settled> settled, long now, int parts, boolean room) {
    Counter counter = counters.get(key);
    if (counter == null) {
      if (!room) {
        return null;
      }
      counter = Counter.of(limit);
      put(key, counter);
    } else if (!counter.limit().equals(limit)) {
      counter = counter.under(limit, now);
      counters.put(key, counter);
    }
    counter.parts(parts);
    for (Charge.Settled each : settled) {
      counter.settle(now, each.mark(), each.amount(), each.before().toNanos());
    }
    long granted = counter.take(now, ask);
    if (granted > 0 && notGiven != null && !notGiven.contains(key)) {
      note(key, counter, now, granted, ask.held(limit.window()));
    }
    long nanos = granted > 0 ? counter.validity(now, ask) : counter.refusal(now, ask.least());
    return new Grant(
        granted,
        Duration.ofNanos(nanos),
        new Grant.Standing(limit.max(), counter.left(now), reset(counter, now)),
        granted > 0 ? mark(limit, now, ask.held(limit.window())) : 0);
  }

  /** What is spent at once is where it belongs. */
  private static long mark(Limit limit, long now, long held) {
    return limit.kind() == Limit.Kind.ROLLING && held > 0 ? now + held : 0;
  }

  synchronized Grant.Standing standing(String key, Limit limit, long now) {
    Counter counter = counters.get(key);
    if (counter == null) {
      return new Grant.Standing(limit.max(), Counter.of(limit).left(now), Duration.ZERO);
    }
    // What was changed holds from the next call on; nothing here changes the counter.
    long left = counter.limit().equals(limit) ? counter.left(now) : Math.max(0, limit.atOnce() - counter.spent(now));
    return new Grant.Standing(limit.max(), left, reset(counter, now));
  }

  /** A grain and what proxies hold come on top of a rolling window; nobody is told of a time longer than it. */
  private static Duration reset(Counter counter, long now) {
    return Duration.ofNanos(Math.min(counter.limit().window(), counter.reset(now)));
  }

  private void note(String key, Counter counter, long now, long granted, long held) {
    Limit limit = counter.limit();
    Counter noted = since.computeIfAbsent(key, each -> Counter.of(limit));
    if (limit.kind() == Limit.Kind.FIXED) {
      noted.add(limit, new long[] {counter.state(now)[0], granted}, now); // in the window that it belongs to
    } else {
      noted.spend(now, granted, held);
    }
  }

  private void put(String key, Counter counter) {
    if (counters.put(key, counter) == null) {
      keys.incrementAndGet();
    }
  }

  synchronized void add(String key, Carried carried, long now) {
    Counter counter = counters.get(key);
    if (counter == null) {
      put(key, Counter.of(carried.limit(), carried.state()));
    } else {
      counter.add(carried.limit(), carried.state(), now);
    }
  }

  synchronized boolean remove(String key) {
    since.remove(key);
    boolean there = counters.remove(key) != null;
    if (there) {
      keys.decrementAndGet();
    }
    return there;
  }

  synchronized void sweep(long now) {
    int before = counters.size();
    counters.values().removeIf(each -> each.isOver(now));
    int gone = before - counters.size();
    keys.addAndGet(-gone);
    if (gone > 0 && counters.size() < before / 4) {
      counters = new HashMap<>(counters); // a map does not become smaller by itself
    }
  }

  synchronized void tell(long now, Consumer<Spending> told) {
    counters.forEach((key, counter) -> {
      long spent = counter.spent(now);
      if (spent > 0) {
        told.accept(new Spending(key, spent, counter.limit().atOnce(), reset(counter, now)));
      }
    });
  }

  synchronized void beginToGive() {
    notGiven = new LinkedHashSet<>(counters.keySet());
    since = new HashMap<>();
  }

  synchronized void give(long now, int room, Map<String, Object> given) {
    Iterator<String> waiting = notGiven == null ? Set.<String>of().iterator() : notGiven.iterator();
    while (waiting.hasNext() && given.size() < room) {
      String key = waiting.next();
      waiting.remove();
      Counter counter = counters.get(key);
      if (counter != null && !counter.isOver(now)) {
        given.put(key, Carried.write(counter, now));
      }
    }
    since.forEach((key, counter) -> given.put(key, Carried.write(counter, now)));
    since = new HashMap<>();
  }
}
