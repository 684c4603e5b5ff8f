package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.Joiner;
import dev.tenon.pilot.join.Topology;
import dev.tenon.pilot.scope.Routes.Entrance;
import dev.tenon.spi.rules.Gateway.Server;
import dev.tenon.spi.rules.Gateway;
import dev.tenon.spi.rules.VirtualService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a gateway opens and where it leads: the servers of all Gateways that select it, merged by
 * address and port; under each host the VirtualServices bound to it, in the order of their names.
 */
final class GatewayTables {
  private final Topology topology;
  private final View view;
  private final Routes routes;

  GatewayTables(Topology topology, View view, Visible visible) {
    this.topology = topology;
    this.view = view;
    routes = new Routes(topology, view, visible);
  }

  /** A server and the Gateway it belongs to. */
  private record Opened(Gateway gateway, Server server) {}

  /** The ports, in order, with the routes of each. */
  Map<GatewayPort, RouteTable> build() {
    NavigableMap<String, List<Opened>> bySocket = new TreeMap<>();
    for (Gateway gateway : topology.gateways().values()) {
      if (Joiner.selects(gateway.selector(), view.labels())) {
        for (Server server : gateway.servers()) {
          if (server.protocol().isHttp()) {
            String socket = server.bind() + "|" + server.port();
            bySocket.computeIfAbsent(socket, _ -> new ArrayList<>()).add(new Opened(gateway, server));
          }
        }
      }
    }
    Map<GatewayPort, RouteTable> tables = new LinkedHashMap<>();
    for (List<Opened> opened : bySocket.values()) {
      Server server = opened.getFirst().server();
      String name = "http." + server.port() + (server.bind().isEmpty() ? "" : "." + server.bind());
      GatewayPort port = new GatewayPort(server.bind(), server.port(), name);
      tables.put(port, new RouteTable(name, hosts(opened, server.port()), false));
    }
    return tables;
  }

  private List<HostPlan> hosts(List<Opened> opened, int port) {
    NavigableMap<String, Map<VirtualService, Set<String>>> byHost = new TreeMap<>();
    for (VirtualService rule : topology.virtualServices()) {
      if (Clusters.isExported(rule.exportTo(), view.namespace())) {
        opened.stream()
            .filter(each -> isBound(rule, each.gateway()))
            .forEach(each -> claim(byHost, rule, each));
      }
    }
    List<HostPlan> hosts = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    byHost.forEach(
        (host, rules) -> {
          List<String> domains =
              new ArrayList<>(host.equals("*") ? List.of("*") : List.of(host, host + ":" + port));
          domains.removeIf(domain -> !taken.add(domain));
          hosts.add(new HostPlan(host + ":" + port, domains, merged(rules, port)));
        });
    return hosts;
  }

  private static boolean isBound(VirtualService rule, Gateway gateway) {
    return rule.gateways().stream()
        .anyMatch(
            name -> Routes.qualified(name, rule.meta().namespace()).equals(gateway.meta().key()));
  }

  private void claim(
      NavigableMap<String, Map<VirtualService, Set<String>>> byHost, VirtualService rule, Opened opened) {
    String ruleNamespace = rule.meta().namespace();
    for (String admitted : opened.server().hosts()) {
      int slash = admitted.indexOf('/');
      String from = slash < 0 ? "*" : admitted.substring(0, slash);
      String wanted = from.equals(".") ? opened.gateway().meta().namespace() : from;
      if (!wanted.equals("*") && !wanted.equals(ruleNamespace)) {
        continue;
      }
      String pattern = admitted.substring(slash + 1).toLowerCase(Locale.ROOT);
      for (String written : rule.hosts()) {
        Hosts.both(pattern, topology.resolve(written, ruleNamespace))
            .ifPresent(
                host ->
                    byHost
                        .computeIfAbsent(host, _ -> new LinkedHashMap<>())
                        .computeIfAbsent(rule, _ -> new HashSet<>())
                        .add(opened.gateway().meta().key()));
      }
    }
  }

  /** The rules' routes one after the other; of several rules, what takes all comes last. */
  private List<RoutePlan> merged(Map<VirtualService, Set<String>> rules, int port) {
    List<RoutePlan> plans = new ArrayList<>();
    rules.forEach((rule, gateways) -> plans.addAll(routes.of(rule, new Entrance(port, gateways))));
    if (rules.size() > 1) {
      List<RoutePlan> last = plans.stream().filter(Routes::takesAll).toList();
      plans.removeIf(Routes::takesAll);
      plans.addAll(last);
    }
    return plans;
  }
}
