package dev.tenon.registry.vm;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import java.util.List;
import java.util.Optional;

/** The service that is offered first now, let go of as soon as it is not. Thread-safe. */
final class Present<T> implements AutoCloseable {
  private final Subscription offers;
  private volatile Optional<T> first = Optional.empty();

  Present(Source<List<Offer<T>>> offered) {
    offers = offered.subscribe(all -> first = all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst().service()));
  }

  Optional<T> get() {
    return first;
  }

  @Override
  public void close() {
    offers.close();
    first = Optional.empty();
  }
}
