package dev.tenon.mixer.serve;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/** How many proxies have asked one handler lately. Thread-safe. */
final class Active {
  private static final long LATELY = 10_000_000_000L;
  private static final long STALE = 100_000_000L;

  private final ConcurrentMap<Object, Long> asked = new ConcurrentHashMap<>();
  private final LongSupplier clock;
  private volatile long counted;
  private volatile int count;

  Active(LongSupplier clock) {
    this.clock = clock;
    this.counted = clock.getAsLong();
  }

  /** Notes that a proxy asks, and returns how many do. */
  int count(Object proxy) {
    long now = clock.getAsLong();
    boolean isNew = asked.put(proxy, now) == null;
    if (isNew || now - counted > STALE) {
      asked.values().removeIf(each -> now - each > LATELY);
      count = Math.max(1, asked.size());
      counted = now;
    }
    return count;
  }

  void gone(Object proxy) {
    asked.remove(proxy);
  }
}
