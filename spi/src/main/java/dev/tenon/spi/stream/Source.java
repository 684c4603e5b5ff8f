package dev.tenon.spi.stream;

import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A value that changes. A subscriber is given the present value first, if there is one yet, then
 * every later one; it may miss values that were replaced before it could be called, never the last.
 *
 * <p>Threading: one subscriber is never called concurrently with itself. It is called on the
 * publisher's thread (or the subscriber's own, for the present value) and must return soon; long work
 * belongs on an executor of the subscriber's. A subscriber that throws is logged by the publisher and
 * does not hinder others.
 *
 * @param <T> an immutable value with value equality
 */
public interface Source<T> {
  /** Starts the flow. Closing the subscription ends it; a call under way may still finish. */
  Subscription subscribe(Consumer<? super T> subscriber);

  /** What one value becomes of each value; equal results in a row are passed on once. */
  default <R> Source<R> map(Function<? super T, ? extends R> function) {
    return subscriber -> {
      Cell<R> cell = new Cell<>();
      Subscription down = cell.subscribe(subscriber);
      Subscription up = subscribe(value -> cell.set(function.apply(value)));
      return () -> {
        up.close();
        down.close();
      };
    };
  }

  /** The latest of two sources together, from the moment that both have a value. */
  static <A, B, R> Source<R> combine(
      Source<A> first, Source<B> second, BiFunction<? super A, ? super B, ? extends R> function) {
    return subscriber -> {
      Combination<A, B, R> both = new Combination<>(function);
      Subscription down = both.result.subscribe(subscriber);
      Subscription left = first.subscribe(both::first);
      Subscription right = second.subscribe(both::second);
      return () -> {
        left.close();
        right.close();
        down.close();
      };
    };
  }
}
