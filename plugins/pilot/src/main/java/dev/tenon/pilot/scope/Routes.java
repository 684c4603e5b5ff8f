package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.Joiner;
import dev.tenon.pilot.join.Topology;
import dev.tenon.spi.rules.HeaderOps;
import dev.tenon.spi.rules.VirtualService.Action;
import dev.tenon.spi.rules.VirtualService.Destination;
import dev.tenon.spi.rules.VirtualService.HttpMatch;
import dev.tenon.spi.rules.VirtualService.HttpRoute;
import dev.tenon.spi.rules.VirtualService.WeightedDestination;
import dev.tenon.spi.rules.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a rule's routes into those that proxies of one view can take. */
final class Routes {
  private final Topology topology;
  private final View view;
  private final Visible visible;

  Routes(Topology topology, View view, Visible visible) {
    this.topology = topology;
    this.view = view;
    this.visible = visible;
  }

  /** Where requests are taken in: the port they were meant for, and through which gateways. */
  record Entrance(int port, Set<String> gateways) {}

  /** The routes of a rule that can be taken from an entry. */
  List<RoutePlan> of(VirtualService rule, Entrance entrance) {
    List<RoutePlan> plans = new ArrayList<>();
    for (HttpRoute route : rule.http()) {
      List<HttpMatch> possible =
          route.matches().stream()
              .filter(match -> isPossible(match, rule, entrance))
              .map(Routes::decided)
              .toList();
      if (route.matches().isEmpty() || !possible.isEmpty()) {
        plans.add(new RoutePlan(withMatches(route, possible), clusters(route.action(), rule, entrance)));
      }
    }
    return plans;
  }

  /** What holds for a service that no rule governs: everything goes to it. */
  RoutePlan byDefault(String host, int port) {
    Destination destination = new Destination(host, "", Optional.of(port));
    HttpRoute route =
        new HttpRoute(
            "default",
            List.of(),
            new Action.Forward(
                List.of(new WeightedDestination(destination, 100, HeaderOps.NONE, HeaderOps.NONE))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            HeaderOps.NONE,
            HeaderOps.NONE);
    return new RoutePlan(route, List.of(ClusterPlan.name(port, "", host)));
  }

  /** Whether a route takes whatever comes. */
  static boolean takesAll(RoutePlan plan) {
    return plan.route().matches().isEmpty()
        || plan.route().matches().stream()
            .anyMatch(
                match ->
                    match.uri().isEmpty()
                        && match.method().isEmpty()
                        && match.authority().isEmpty()
                        && match.headers().isEmpty()
                        && match.withoutHeaders().isEmpty()
                        && match.queryParams().isEmpty());
  }

  private boolean isPossible(HttpMatch match, VirtualService rule, Entrance entrance) {
    String from = match.sourceNamespace();
    boolean byGateway =
        match.gateways().isEmpty()
            || match.gateways().stream()
                .anyMatch(name -> entrance.gateways().contains(qualified(name, rule.meta().namespace())));
    return byGateway
        && (match.port().isEmpty() || match.port().get() == entrance.port())
        && (from.isEmpty() || from.equals(view.namespace()))
        && Joiner.selects(match.sourceLabels(), view.labels());
  }

  /** A gateway's key; a bare name is one of the rule's own namespace. */
  static String qualified(String gateway, String namespace) {
    boolean whole = gateway.equals(Bindings.MESH) || gateway.indexOf('/') >= 0;
    return whole ? gateway : namespace + "/" + gateway;
  }

  /** A match without the conditions that have been decided. */
  private static HttpMatch decided(HttpMatch match) {
    return new HttpMatch(
        match.uri(),
        match.ignoreUriCase(),
        match.method(),
        match.authority(),
        match.headers(),
        match.withoutHeaders(),
        match.queryParams(),
        Optional.empty(),
        Map.of(),
        "",
        List.of());
  }

  private static HttpRoute withMatches(HttpRoute route, List<HttpMatch> matches) {
    return new HttpRoute(
        route.name(),
        matches,
        route.action(),
        route.rewrite(),
        route.timeout(),
        route.retries(),
        route.fault(),
        route.requestHeaders(),
        route.responseHeaders());
  }

  private List<String> clusters(Action action, VirtualService rule, Entrance entrance) {
    if (!(action instanceof Action.Forward(var destinations))) {
      return List.of();
    }
    return destinations.stream()
        .map(WeightedDestination::destination)
        .map(
            to ->
                visible.cluster(
                    topology.resolve(to.host(), rule.meta().namespace()),
                    to.subset(),
                    to.port(),
                    entrance.port()))
        .toList();
  }
}
