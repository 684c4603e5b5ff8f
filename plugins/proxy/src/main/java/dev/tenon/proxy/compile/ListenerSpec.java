package dev.tenon.proxy.compile;

import java.net.InetSocketAddress;

/**
 * One listening address and what is spoken there; {@code envoy.config.listener.v3.Listener}.
 *
 * @param name unique in a table
 * @param address resolved
 * @param direction which side of the workload it serves
 * @param http how its connections are served
 */
public record ListenerSpec(String name, InetSocketAddress address, Direction direction, HttpSpec http) {
  /** {@code envoy.config.core.v3.TrafficDirection}. */
  public enum Direction {
    UNSPECIFIED,
    INBOUND,
    OUTBOUND
  }
}
