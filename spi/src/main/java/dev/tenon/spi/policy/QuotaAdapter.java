package dev.tenon.spi.policy;

import java.time.Duration;
import java.util.List;

/**
 * An adapter that grants amounts: what a factory builds that takes {@link Template#QUOTA}. One that
 * judges other templates too implements {@link #check} as well.
 *
 * <p>{@link AdapterFactory#nonBlocking} speaks of {@link #take} and {@link #check}.
 */
@FunctionalInterface
public interface QuotaAdapter extends Adapter {
  /**
   * Takes an amount out of what is left for the instance's dimensions, or refuses it.
   *
   * @param instance of the template quota; its value {@code dimensions} is a Map from text to values, a
   *     key by itself: maps of equal content are equal
   */
  Grant take(Instance instance, Charge charge);

  @Override
  default Verdict check(Instance instance) {
    throw new UnsupportedOperationException("grants quotas and judges nothing else");
  }

  /** Those counters that have spent most of their limits, the fullest first. May block; not for the request path. */
  default List<Spending> top(int most) {
    return List.of();
  }

  /** Forgets what was spent under a key as {@link #top} tells it; false when there is no such. May block. */
  default boolean reset(String key) {
    return false;
  }

  /**
   * What was spent under one key.
   *
   * @param key the instance's name and its dimensions, {@code requests.instance.default port=80 user=john}
   * @param spent in the present window
   * @param limit of that window
   * @param reset until something of it is free again
   */
  record Spending(String key, long spent, long limit, Duration reset) {}
}
