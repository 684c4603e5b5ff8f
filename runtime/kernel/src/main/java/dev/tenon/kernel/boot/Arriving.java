package dev.tenon.kernel.boot;

import dev.tenon.spi.lifecycle.Arrivals;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Starts what is first asked for, on a thread of its own, and tells when it has come. */
final class Arriving implements Arrivals {
  private final Map<Class<?>, CompletableFuture<Void>> asked = new ConcurrentHashMap<>();
  private final Function<String, CompletionStage<Void>> start;

  /** What is asked for is started by {@code start}, by the service's name; the result is done when it has come. */
  Arriving(Function<String, CompletionStage<Void>> start) {
    this.start = start;
  }

  void asked(Class<?> service) {
    CompletableFuture<Void> come = new CompletableFuture<>();
    if (asked.putIfAbsent(service, come) == null) {
      Thread.ofPlatform().daemon().name("kernel-asked").start(() ->
          start.apply(service.getName()).whenComplete((ignored, failure) -> come.complete(null)));
    }
  }

  @Override
  public CompletionStage<Void> of(Class<?> service) {
    return asked.getOrDefault(service, CompletableFuture.completedFuture(null)).copy();
  }
}
