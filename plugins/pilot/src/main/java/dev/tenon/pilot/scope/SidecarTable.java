package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.MeshService.Shape;
import dev.tenon.pilot.join.Topology;
import dev.tenon.pilot.scope.Routes.Entrance;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.rules.VirtualService.Action;
import dev.tenon.spi.rules.VirtualService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.Set;
import java.util.TreeSet;

/** The routes behind a sidecar's HTTP proxy port: every host that its application may name. */
final class SidecarTable {
  private static final int HTTP_PORT = 80;

  private final Topology topology;
  private final View view;
  private final Visible visible;
  private final Bindings bindings;
  private final Routes routes;
  private final Set<String> taken = new HashSet<>();

  SidecarTable(Topology topology, View view, Visible visible) {
    this.topology = topology;
    this.view = view;
    this.visible = visible;
    bindings = new Bindings(topology, view.namespace());
    routes = new Routes(topology, view, visible);
  }

  RouteTable build() {
    List<Shape> shapes = List.copyOf(visible.shapes());
    // A service's own host is its own, whatever aliases and short forms others have.
    Set<String> reserved = new HashSet<>();
    shapes.forEach(shape -> reserved.add(shape.host()));
    List<HostPlan> hosts = new ArrayList<>();
    for (Shape shape : shapes) {
      SequencedCollection<String> names = names(shape, reserved);
      for (Port port : shape.ports()) {
        if (port.protocol().isHttp()) {
          add(hosts, shape.host(), port.number(), names, service(shape, port.number()));
        }
      }
    }
    for (String host : bindings.hosts()) {
      if (!visible.has(host)) {
        bindings.speaking(host).ifPresent(rule -> addUnknown(hosts, host, rule));
      }
    }
    hosts.sort((one, other) -> one.name().compareTo(other.name()));
    return new RouteTable(Scope.HTTP_PROXY, hosts, !taken.contains("*"));
  }

  private SequencedCollection<String> names(Shape shape, Set<String> reserved) {
    var names = Hosts.forms(shape.host(), topology.domain(), view.namespace());
    shape.aliases().stream()
        .filter(alias -> shape.host().equals(topology.aliases().get(alias)))
        .forEach(names::add);
    names.removeIf(name -> !name.equals(shape.host()) && reserved.contains(name));
    return names;
  }

  private List<RoutePlan> service(Shape shape, int port) {
    Optional<VirtualService> rule = bindings.governing(shape.host(), shape.namespace());
    return rule.isPresent()
        ? routes.of(rule.get(), new Entrance(port, Set.of(Bindings.MESH)))
        : List.of(routes.byDefault(shape.host(), port));
  }

  /** A host that only a rule knows: reached on port 80, and on the ports of where it leads. */
  private void addUnknown(List<HostPlan> hosts, String host, VirtualService rule) {
    Set<Integer> ports = new TreeSet<>(Set.of(HTTP_PORT));
    rule.http()
        .forEach(
            route -> {
              if (route.action() instanceof Action.Forward(var destinations)) {
                destinations.forEach(to -> to.destination().port().ifPresent(ports::add));
              }
            });
    for (int port : ports) {
      add(
          hosts,
          host,
          port,
          Hosts.forms(host, topology.domain(), view.namespace()),
          routes.of(rule, new Entrance(port, Set.of(Bindings.MESH))));
    }
  }

  private void add(
      List<HostPlan> hosts,
      String host,
      int port,
      SequencedCollection<String> names,
      List<RoutePlan> plans) {
    List<String> domains = new ArrayList<>();
    for (String name : names) {
      if (name.equals("*")) {
        domains.add(name);
        continue;
      }
      if (port == HTTP_PORT) {
        domains.add(name);
      }
      domains.add(name + ":" + port);
    }
    domains.removeIf(domain -> !taken.add(domain));
    if (!domains.isEmpty()) {
      hosts.add(new HostPlan(host + ":" + port, domains, plans));
    }
  }
}
