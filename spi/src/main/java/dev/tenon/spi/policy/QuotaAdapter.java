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

  /**
   * How the quota stands for the instance's dimensions, without taking anything; {@link Grant.Standing#UNKNOWN} when it
   * does not tell. May block; not for the request path.
   */
  default Grant.Standing standing(Instance instance) {
    return Grant.Standing.UNKNOWN;
  }

  /** Those counters that have spent most of their limits. May block for seconds; not for the request path. */
  default Top top(int most) {
    return Top.NOTHING;
  }

  /** Forgets what was spent under a key as {@link #top} tells it; false when there is no such. May block. */
  default boolean reset(String key) {
    return false;
  }

  /**
   * The fullest counters.
   *
   * @param fullest the fullest first
   * @param keys how many counters have spent anything, as far as they were looked at
   * @param whole whether all were looked at; false when that would have taken too long
   */
  record Top(List<Spending> fullest, long keys, boolean whole) {
    /** No counters. */
    public static final Top NOTHING = new Top(List.of(), 0, true);

    public Top {
      fullest = List.copyOf(fullest);
    }
  }

  /**
   * What was spent under one key.
   *
   * @param key the instance's name and its dimensions, {@code requests.instance.default port=80 user=john}; a blank, an
   *     equals sign and a backslash within a name or a value have a backslash before them
   * @param spent in the present window
   * @param limit of that window
   * @param reset until something of it is free again
   */
  record Spending(String key, long spent, long limit, Duration reset) {}
}
