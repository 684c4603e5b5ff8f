package dev.tenon.spi.stream;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The two halves of {@link Source#combine} and what they make together. */
final class Combination<A, B, R> {
  final Cell<R> result = new Cell<>();
  private final BiFunction<? super A, ? super B, ? extends R> function;
  private @Nullable A first;
  private @Nullable B second;

  Combination(BiFunction<? super A, ? super B, ? extends R> function) {
    this.function = function;
  }

  synchronized void first(A value) {
    first = value;
    publish();
  }

  synchronized void second(B value) {
    second = value;
    publish();
  }

  private void publish() {
    if (first != null && second != null) {
      result.set(function.apply(first, second));
    }
  }
}
