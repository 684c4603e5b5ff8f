package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.Topology;
import dev.tenon.spi.rules.Gateway;
import dev.tenon.spi.rules.VirtualService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * All of a proxy that decides what it may see. Proxies with equal views share everything that is made
 * for them.
 *
 * @param kind what the proxy does
 * @param namespace where it is
 * @param labels those that some rule asks for, no others
 */
public record View(Proxy.Kind kind, String namespace, Map<String, String> labels) {
  public View {
    labels = Map.copyOf(labels);
  }

  /** The view of a proxy. */
  public static View of(Proxy.Kind kind, String namespace, Map<String, String> labels, Set<String> asked) {
    Map<String, String> relevant = new HashMap<>(labels);
    relevant.keySet().retainAll(asked);
    return new View(kind, namespace, relevant);
  }

  /** The names of all labels that rules ask of a kind of proxy. */
  public static Set<String> labelsAsked(Topology topology, Proxy.Kind kind) {
    Set<String> asked = new HashSet<>();
    for (VirtualService rule : topology.virtualServices()) {
      rule.http()
          .forEach(route -> route.matches().forEach(match -> asked.addAll(match.sourceLabels().keySet())));
    }
    if (kind == Proxy.Kind.GATEWAY) {
      for (Gateway gateway : topology.gateways().values()) {
        asked.addAll(gateway.selector().keySet());
      }
    }
    return asked;
  }
}
