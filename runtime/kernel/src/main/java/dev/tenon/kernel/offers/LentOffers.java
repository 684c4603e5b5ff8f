package dev.tenon.kernel.offers;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One generation's offers, which count from its switch to its end, and its subscriptions, which end
 * with it. Compared by identity; thread-safe.
 */
public final class LentOffers implements AutoCloseable {
  private final OfferTable table;
  private final String module;
  private final String version;
  private final Map<Class<?>, List<Offer<?>>> mine = new LinkedHashMap<>();
  private final Set<Subscription> subscriptions = new LinkedHashSet<>();
  private boolean switched;
  private boolean closed;

  LentOffers(OfferTable table, String module, String version) {
    this.table = table;
    this.module = module;
    this.version = version;
  }

  /** Lends a service; at once when this generation has taken over already. */
  public <T> void offer(Class<T> type, T service) {
    List<Offer<?>> all;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("this generation of " + module + " is over");
      }
      mine.computeIfAbsent(type, ignored -> new ArrayList<>()).add(new Offer<>(module, version, service));
      if (!switched) {
        return;
      }
      all = List.copyOf(mine.getOrDefault(type, List.of()));
    }
    table.replace(type, this, this, all);
    table.tell(type);
  }

  /**
   * Puts these offers in the place of an older generation's, all types at once: from then on nobody who asks is given an old one.
   *
   * @return tells those who follow the offers; they have taken over when it comes back
   */
  public Runnable switchOver(@Nullable LentOffers old) {
    Map<Class<?>, List<Offer<?>>> now;
    synchronized (this) {
      switched = true;
      now = copy();
    }
    Set<Class<?>> types = new LinkedHashSet<>(now.keySet());
    if (old != null) {
      types.addAll(old.copy().keySet());
    }
    types.forEach(type -> table.replace(type, old == null ? this : old, this, now.getOrDefault(type, List.of())));
    if (old != null) {
      old.forget();
    }
    return () -> types.forEach(table::tell);
  }

  /** What everybody offers under a type; the flow ends with this generation. */
  public <T> Source<List<Offer<T>>> offers(Class<T> type) {
    Source<List<Offer<T>>> source = table.offers(type);
    return subscriber -> {
      Subscription flow = source.subscribe(subscriber);
      table.ask(type);
      synchronized (this) {
        if (!closed) {
          subscriptions.add(flow);
          return () -> end(flow);
        }
      }
      flow.close();
      return flow;
    };
  }

  private void end(Subscription flow) {
    synchronized (this) {
      subscriptions.remove(flow);
    }
    flow.close();
  }

  private synchronized Map<Class<?>, List<Offer<?>>> copy() {
    Map<Class<?>, List<Offer<?>>> copy = new LinkedHashMap<>();
    mine.forEach((type, offers) -> copy.put(type, List.copyOf(offers)));
    return copy;
  }

  private synchronized void forget() {
    mine.clear();
  }

  /** Takes every offer back; nothing more can be offered. What is subscribed to flows on. */
  public void withdraw() {
    Set<Class<?>> types;
    synchronized (this) {
      closed = true;
      types = Set.copyOf(mine.keySet());
      mine.clear();
    }
    types.forEach(type -> table.replace(type, this, this, List.of()));
    types.forEach(table::tell);
  }

  /** Withdraws every offer that still counts and ends every subscription. */
  @Override
  public void close() {
    withdraw();
    List<Subscription> flows;
    synchronized (this) {
      flows = List.copyOf(subscriptions);
      subscriptions.clear();
    }
    flows.forEach(Subscription::close);
  }
}
