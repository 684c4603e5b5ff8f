package dev.tenon.pilot.translate;

import dev.tenon.spi.model.Health;

/**
 * When unhealthy endpoints are called all the same: Envoy's {@code healthy_panic_threshold}.
 *
 * @param threshold percent: with fewer healthy endpoints than this share of a cluster all are called; with 0 never
 */
public record Panic(int threshold) {
  /**
   * The least whole number that Envoy knows, so that a service whose last healthy endpoint fails is called rather than answered with
   * 503, and one that has some left calls those alone.
   */
  public static final Panic USUAL = new Panic(1);

  public Panic {
    if (threshold < 0 || threshold > 100) {
      throw new IllegalArgumentException(threshold + " is no share in percent");
    }
  }

  /**
   * Whether proxies are told of such an endpoint. One that was never ready, or is about to leave, would fail its
   * callers even when nobody else is left.
   */
  public static boolean isTold(Health health) {
    return health == Health.HEALTHY || health == Health.UNHEALTHY;
  }

  /**
   * Whether a proxy calls all endpoints of a cluster.
   *
   * @param healthy how many are well
   * @param told how many it is told of
   */
  public boolean at(int healthy, int told) {
    return healthy * 100L < (long) told * threshold;
  }
}
