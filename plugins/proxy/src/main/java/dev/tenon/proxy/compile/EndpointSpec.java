package dev.tenon.proxy.compile;

import dev.tenon.spi.model.Health;
import java.net.InetSocketAddress;

/**
 * One address of a cluster.
 *
 * @param address resolved
 * @param weight at least 1
 */
public record EndpointSpec(InetSocketAddress address, int weight, Health health) {
  public EndpointSpec {
    if (weight < 1) {
      throw new IllegalArgumentException("an endpoint's weight is at least 1, not " + weight);
    }
  }

  /** Healthy, with weight 1. */
  public EndpointSpec(InetSocketAddress address) {
    this(address, 1, Health.HEALTHY);
  }
}
