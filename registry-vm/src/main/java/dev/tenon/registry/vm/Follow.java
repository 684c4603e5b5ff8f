package dev.tenon.registry.vm;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Follows what a service on offer says, whichever generation of it is there. */
final class Follow<S, V> implements AutoCloseable {
  private final Predicate<S> which;
  private final Function<S, Source<V>> says;
  private final Consumer<Optional<S>> present;
  private final Consumer<V> told;
  private final Subscription offers;
  private @Nullable S now;
  private boolean known;
  private @Nullable Subscription subscription;

  /**
   * Begins to listen; the first word comes before this returns.
   *
   * @param which of those on offer
   * @param present is told of each that comes, before it says anything, and when there is none
   * @param told what it says
   */
  Follow(Source<List<Offer<S>>> offered, Predicate<S> which, Function<S, Source<V>> says, Consumer<Optional<S>> present, Consumer<V> told) {
    this.which = which;
    this.says = says;
    this.present = present;
    this.told = told;
    this.offers = offered.subscribe(this::offered);
  }

  @SuppressWarnings("ReferenceEquality") // another object is another generation
  private synchronized void offered(List<Offer<S>> all) {
    Optional<S> next = all.stream().map(Offer::service).filter(which).findFirst();
    if (known && next.orElse(null) == now) {
      return;
    }
    end();
    known = true;
    now = next.orElse(null);
    present.accept(next);
    next.ifPresent(each -> subscription = says.apply(each).subscribe(word -> say(each, word)));
  }

  @SuppressWarnings("ReferenceEquality")
  private synchronized void say(S from, V word) {
    if (from == now) {
      told.accept(word);
    }
  }

  private void end() {
    if (subscription != null) {
      subscription.close();
      subscription = null;
    }
    now = null;
  }

  @Override
  public void close() {
    offers.close();
    synchronized (this) {
      end();
    }
  }
}
