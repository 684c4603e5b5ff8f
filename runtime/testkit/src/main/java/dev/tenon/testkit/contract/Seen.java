package dev.tenon.testkit.contract;

import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a source said, in order.
 *
 * @param <V> what it says
 */
final class Seen<V> implements AutoCloseable {
  private final List<V> values = new ArrayList<>();
  private final Subscription subscription;

  private Seen(Source<V> source) {
    subscription = source.subscribe(this::add);
  }

  /** Subscribes. */
  static <V> Seen<V> of(Source<V> source) {
    return new Seen<>(source);
  }

  private synchronized void add(V value) {
    values.add(value);
  }

  synchronized List<V> all() {
    return List.copyOf(values);
  }

  /** Whether it spoke, and last in this way. */
  synchronized boolean last(java.util.function.Predicate<V> wanted) {
    return !values.isEmpty() && wanted.test(values.getLast());
  }

  @Override
  public void close() {
    subscription.close();
  }
}
