package dev.tenon.proxy.compile;

import java.util.List;
import java.util.Map;

/**
 * Whose policy judges requests; {@code dev.tenon.policy.v1.PolicyFilter}.
 *
 * @param namespaces in this order; each must allow. While the policy of one is missing, requests are
 *     answered 503
 * @param attributes what the mesh knows of the called side without asking
 */
public record PolicySpec(List<String> namespaces, Map<String, String> attributes) {
  public PolicySpec {
    namespaces = List.copyOf(namespaces);
    attributes = Map.copyOf(attributes);
  }
}
