package dev.tenon.mixer.share;

import dev.tenon.spi.policy.Instance;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** A pool for each key that was asked about lately; 10,000 at most. Thread-safe. */
final class Pools {
  private static final int MOST = 10_000;
  private static final long IDLE = Duration.ofMinutes(10).toNanos();

  private final ConcurrentMap<Key, Pool> pools = new ConcurrentHashMap<>();

  private record Key(String handler, String instance, Map<String, Object> values) {
    static Key of(String handler, Instance instance) {
      return new Key(handler, instance.name(), instance.values());
    }
  }

  /** The pool of a key; a new one when there is none. */
  Pool of(String handler, Instance instance, long now) {
    Key key = Key.of(handler, instance);
    Pool pool = pools.get(key);
    if (pool == null) {
      if (pools.size() >= MOST) {
        makeRoom(now);
      }
      pool = pools.computeIfAbsent(key, each -> new Pool(now));
    }
    return pool;
  }

  /** The pool of a key that does not idle. */
  @Nullable Pool known(String handler, Instance instance, long now) {
    Pool pool = pools.get(Key.of(handler, instance));
    return pool == null || now - pool.touched() > IDLE ? null : pool;
  }

  /** What idled for long goes; if that is nothing, something does. What was granted to it lapses. */
  private void makeRoom(long now) {
    pools.values().removeIf(each -> now - each.touched() > IDLE);
    Iterator<Pool> any = pools.values().iterator();
    for (int i = 0; i < MOST / 10 && pools.size() >= MOST && any.hasNext(); i++) {
      any.next();
      any.remove();
    }
  }
}
