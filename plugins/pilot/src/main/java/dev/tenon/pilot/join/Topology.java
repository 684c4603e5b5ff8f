package dev.tenon.pilot.join;

import dev.tenon.pilot.join.MeshService.Shape;
import dev.tenon.spi.rules.DestinationRule;
import dev.tenon.spi.rules.Gateway;
import dev.tenon.spi.rules.VirtualService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * All that routes and clusters depend on. An endpoint that comes or goes does not change it: the
 * topology then stays the very same object.
 *
 * @param domain the mesh's, for example {@code cluster.local}
 * @param shapes every service
 * @param aliases host of an alias → canonical host
 * @param virtualServices in the order of their keys
 * @param destinationRules in the order of their keys
 * @param gateways by key
 */
public record Topology(
    String domain,
    NavigableMap<ServiceKey, Shape> shapes,
    Map<String, String> aliases,
    List<VirtualService> virtualServices,
    List<DestinationRule> destinationRules,
    NavigableMap<String, Gateway> gateways) {
  public Topology {
    shapes = Collections.unmodifiableNavigableMap(new TreeMap<>(shapes));
    aliases = Map.copyOf(aliases);
    virtualServices = List.copyOf(virtualServices);
    destinationRules = List.copyOf(destinationRules);
    gateways = Collections.unmodifiableNavigableMap(new TreeMap<>(gateways));
  }

  /** Every namespace's idea of a host. */
  public List<Shape> named(String host) {
    // The bounds hold all keys of this host and no other: no host sorts between it and itself plus NUL.
    return new ArrayList<>(shapes.subMap(new ServiceKey(host, ""), new ServiceKey(host + "\0", "")).values());
  }

  /** Whether anybody knows a host. */
  public boolean knows(String host) {
    return !named(host).isEmpty();
  }

  /**
   * The canonical form of a host that a rule names: a short name belongs to the rule's namespace;
   * {@code name.namespace} and {@code name.namespace.svc} are completed when there is such a service;
   * an alias becomes what it means. Wildcards stay as they are.
   */
  public String resolve(String written, String namespace) {
    String host = written.toLowerCase(Locale.ROOT);
    if (host.startsWith("*")) {
      return host;
    }
    if (host.indexOf('.') < 0) {
      String full = host + "." + namespace + ".svc." + domain;
      return knows(full) ? full : aliases.getOrDefault(host, full);
    }
    if (knows(host)) {
      return host;
    }
    String meant = aliases.get(host);
    if (meant != null) {
      return meant;
    }
    String completed = host + (host.endsWith(".svc") ? "." : ".svc.") + domain;
    return knows(completed) ? completed : host;
  }
}
