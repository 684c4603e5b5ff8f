package dev.tenon.proxy.upstream;

import java.util.concurrent.atomic.AtomicInteger;

/** How much of a cluster's limits is in use, over all loops. */
public final class Usage {
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger pending = new AtomicInteger();
  final AtomicInteger retries = new AtomicInteger();
  final AtomicInteger requests = new AtomicInteger();

  static boolean take(AtomicInteger counter, int limit) {
    if (limit == Integer.MAX_VALUE) {
      counter.incrementAndGet();
      return true;
    }
    while (true) {
      int now = counter.get();
      if (now >= limit) {
        return false;
      }
      if (counter.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }
}
