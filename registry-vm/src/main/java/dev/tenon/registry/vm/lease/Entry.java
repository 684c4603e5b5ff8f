package dev.tenon.registry.vm.lease;

import dev.tenon.registry.vm.accept.Holder;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** One lease in the ledger, when it falls due, and the streams that hold it. */
final class Entry {
  final Set<Holder> holders = Collections.newSetFromMap(new IdentityHashMap<>());
  Lease lease;
  Held held;
  long expires;

  /** When the queue will look at it next; never later than {@link #expires}. Only those held here are in the queue. */
  long due;

  Entry(Lease lease, Held held) {
    this.lease = lease;
    this.held = held;
  }

  void renew(long now) {
    live(now, lease.timeToLive());
  }

  void live(long now, Duration life) {
    expires = now + life.toNanos();
  }
}
