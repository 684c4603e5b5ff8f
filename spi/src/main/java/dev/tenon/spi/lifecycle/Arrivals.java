package dev.tenon.spi.lifecycle;

import java.util.concurrent.CompletionStage;

/**
 * Modules and plug-ins on their way. Those of the distribution may start only when somebody first subscribes to what they offer
 * ({@code kernel.startPlugins: whenAsked}); who must not take one for missing that is about to come waits for them here.
 * Offered by the kernel. Thread-safe; nothing here blocks.
 */
@FunctionalInterface
public interface Arrivals {
  /**
   * Waits for what the process starts with and what starts by itself of the distribution: plug-ins that offer a service,
   * and modules whose manifest says that they will ({@code Tenon-Offers}). Subscribe to the service first: this starts
   * nothing.
   *
   * @return done when each of them serves or has failed; done already when none is on its way
   */
  CompletionStage<Void> of(Class<?> service);
}
