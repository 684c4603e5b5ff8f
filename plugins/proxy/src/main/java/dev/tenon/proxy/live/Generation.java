package dev.tenon.proxy.live;

import dev.tenon.proxy.compile.Table;
import dev.tenon.spi.policy.PolicyEngine;
import java.util.Map;

/**
 * What a request works by from its first byte to its last.
 *
 * @param number grows by one with each change
 * @param table what the control plane has said
 * @param policies compiled policy by configuration namespace
 */
public record Generation(long number, Table table, Map<String, PolicyEngine.Policy> policies) {
  static final Generation NONE = new Generation(0, Table.EMPTY, Map.of());

  public Generation {
    policies = Map.copyOf(policies);
  }
}
