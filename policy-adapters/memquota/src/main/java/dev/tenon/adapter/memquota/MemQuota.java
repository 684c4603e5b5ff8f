package dev.tenon.adapter.memquota;

import dev.tenon.quotas.Limit;
import dev.tenon.quotas.QuotaTable;
import dev.tenon.quotas.SteadyClock;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.lifecycle.Carry;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Mixer's {@code memquota}: quotas counted in this process. Parameters: {@code quotas} as {@link QuotaTable}
 * reads them, {@code minDeduplicationDuration} [1s], {@code maxKeys} [1000000].
 *
 * <p>What was spent belongs to a handler's name: it stays when the handler's parameters change, and is handed
 * to the successor when this jar is replaced.
 */
public final class MemQuota implements AdapterFactory, Carry {
  private static final Duration LONGEST_DEDUPLICATION = Duration.ofHours(1);

  /** So many keys are given in one piece; three pieces hold more than a million. */
  private static final int KEYS_IN_A_PIECE = 350_000;

  private final Map<String, Shelf> shelves = new HashMap<>();
  private final LongSupplier clock;
  private final Sweeper sweeper;

  /** Counts by the monotonic clock, which nobody can set. */
  public MemQuota() {
    this(System::nanoTime);
  }

  MemQuota(LongSupplier clock) {
    this.clock = new SteadyClock(clock);
    this.sweeper = new Sweeper(this::sweep);
  }

  /** The counters of a handler's name, and how many adapters use them. */
  private static final class Shelf {
    final Store store;
    int users;

    Shelf(Store store) {
      this.store = store;
    }
  }

  @Override
  public String name() {
    return "memquota";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.QUOTA);
  }

  @Override
  public boolean nonBlocking() {
    return true;
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public Optional<AdapterFactory> by(LongSupplier nanos) {
    return Optional.of(new MemQuota(nanos));
  }

  @Override
  public Adapter build(Fields params) {
    return build("", params);
  }

  @Override
  public Adapter build(String handler, Fields params) {
    QuotaTable table = QuotaTable.read(params, Limit.Kind.ROLLING, true);
    Duration repeats = params.duration("minDeduplicationDuration").orElse(Duration.ofSeconds(1));
    if (repeats.isZero() || repeats.compareTo(LONGEST_DEDUPLICATION) > 0) {
      params.error("minDeduplicationDuration", "should be more than 0 and at most 1h");
    }
    int maxKeys = params.whole("maxKeys", 1, 10_000_000).orElse(1_000_000L).intValue();
    Runnable ended = handler.isEmpty() ? () -> {} : () -> release(handler);
    Store store = handler.isEmpty() ? new Store(clock) : acquire(handler);
    store.most(maxKeys);
    return new Handler(table, store, new Repeats(repeats.toNanos(), clock), ended);
  }

  private synchronized Store acquire(String handler) {
    Shelf shelf = shelves.computeIfAbsent(handler, each -> new Shelf(new Store(clock)));
    shelf.users++;
    sweeper.start();
    return shelf.store;
  }

  /** In a swap the adapters of the old generation end before the last piece is given, which holds what they counted last. */
  private synchronized void release(String handler) {
    Shelf shelf = shelves.get(handler);
    if (shelf != null && --shelf.users == 0 && !shelf.store.isGiving()) {
      shelves.remove(handler);
    }
    if (shelves.values().stream().allMatch(each -> each.users == 0)) {
      sweeper.stop();
    }
  }

  /** Lets go of what is over. */
  void sweep() {
    stores().values().forEach(Store::sweep);
  }

  private synchronized Map<String, Store> stores() {
    Map<String, Store> all = new LinkedHashMap<>();
    shelves.forEach((handler, shelf) -> all.put(handler, shelf.store));
    return all;
  }

  @Override
  public String form() {
    return "memquota/1";
  }

  @Override
  public Map<String, Object> give() {
    Map<String, Object> piece = new LinkedHashMap<>();
    int room = KEYS_IN_A_PIECE;
    for (Map.Entry<String, Store> each : stores().entrySet()) {
      Map<String, Object> given = each.getValue().give(room);
      room -= given.size();
      if (!given.isEmpty()) {
        piece.put(each.getKey(), given);
      }
    }
    return piece;
  }

  @Override
  public void take(String form, Map<String, Object> piece) {
    piece.forEach((handler, counters) -> {
      Store store;
      synchronized (this) {
        store = shelves.computeIfAbsent(handler, each -> new Shelf(new Store(clock))).store;
      }
      ((Map<?, ?>) counters).forEach((key, counter) -> store.take((String) key, Carried.read((String) counter)));
    });
  }
}
