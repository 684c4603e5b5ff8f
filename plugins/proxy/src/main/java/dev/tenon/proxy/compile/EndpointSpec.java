package dev.tenon.proxy.compile;

import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * One address of a cluster.
 *
 * @param address resolved
 * @param weight at least 1
 * @param locality where it is
 * @param labels of its workload, where the control plane tells them
 */
public record EndpointSpec(
    InetSocketAddress address, int weight, Health health, Locality locality, Map<String, String> labels) {
  public EndpointSpec {
    if (weight < 1) {
      throw new IllegalArgumentException("an endpoint's weight is at least 1, not " + weight);
    }
    labels = Map.copyOf(labels);
  }

  /** Nowhere in particular. */
  public EndpointSpec(InetSocketAddress address, int weight, Health health) {
    this(address, weight, health, Locality.NONE, Map.of());
  }

  /** Healthy, with weight 1. */
  public EndpointSpec(InetSocketAddress address) {
    this(address, 1, Health.HEALTHY);
  }
}
