package dev.tenon.spi.traffic;

import dev.tenon.spi.config.Fields;

/**
 * The plug point for load balancing. A jar offers one by naming its class in {@code
 * META-INF/services/dev.tenon.spi.traffic.BalancerFactory}. A DestinationRule with the annotation {@code
 * traffic.tenon.dev/balancer} asks for it; where it is absent or fails, the rule's standard policy is
 * used, and that is said and counted.
 */
public interface BalancerFactory {
  /** What the annotation names: lower-case letters, digits, {@code -} and {@code .}. */
  String name();

  /**
   * Makes a balancer of its configuration, the annotation {@code traffic.tenon.dev/balancer-config}.
   * Called on a thread that may block, with a deadline of 5 s; once for each configuration.
   *
   * @throws RuntimeException when none can be made; the message is shown to the operator
   */
  Balancer build(Fields config);
}
