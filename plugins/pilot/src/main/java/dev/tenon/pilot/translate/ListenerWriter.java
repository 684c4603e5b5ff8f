package dev.tenon.pilot.translate;

import dev.tenon.pilot.scope.InboundPlan.Guard;
import dev.tenon.pilot.scope.Filters;
import dev.tenon.pilot.scope.InboundPlan;
import dev.tenon.spi.rules.FilterRule;
import dev.tenon.wire.policy.v1.PolicyFilter;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Writes listeners. */
final class ListenerWriter {
  private static final int UNAVAILABLE = 503;

  private ListenerWriter() {}

  /**
   * A listener whose routes are subscribed to.
   *
   * @param edge whether callers are outside the mesh
   * @param filters plug-ins that look at requests, in their order
   * @param plugs whether the proxy knows plug-ins; where it does not, a filter that may not be passed
   *     over closes the listener
   */
  record Routed(
      String address, int port, String table, boolean edge, List<FilterRule> filters, boolean plugs, String accessLog) {
    Routed {
      filters = List.copyOf(filters);
    }

    boolean refused() {
      return !plugs && !Filters.mayBePassedOver(filters);
    }
  }

  /**
   * A listener in front of an application.
   *
   * @param deadline for an answer of the policy service
   */
  record Guarded(InboundPlan plan, String accessLog, Duration deadline) {}

  static Resource routed(Routed routed) {
    String name = name(routed.address(), routed.port());
    HttpConnectionManager.Builder manager =
        ManagerWriter.manager((routed.edge() ? "gateway_" : "outbound_") + name, routed.accessLog());
    if (routed.refused()) {
      manager.setRouteConfig(table("refused|" + routed.table(), "refused", refusal("a request filter")));
    } else {
      manager.setRds(ManagerWriter.rds(routed.table()));
    }
    if (routed.edge()) {
      ManagerWriter.edge(manager);
    }
    ManagerWriter.filters(manager, routed.refused() ? List.of() : routed.filters(), Optional.empty());
    TrafficDirection direction = TrafficDirection.OUTBOUND;
    return listener(name, routed.address(), routed.port(), direction, manager.build());
  }

  static Resource inbound(Guarded guarded) {
    InboundPlan plan = guarded.plan();
    String name = name(plan.address(), plan.listenPort());
    HttpConnectionManager.Builder manager =
        ManagerWriter.manager("inbound_" + name, guarded.accessLog()).setRouteConfig(inboundRoutes(plan));
    EnvoyPolicyWriter.log(plan).ifPresent(manager::addAccessLog);
    Optional<HttpFilter> policy =
        plan.guard() instanceof Guard.Asked
            ? EnvoyPolicyWriter.filter(plan, guarded.deadline())
            : policy(plan).map(each -> ManagerWriter.filter("dev.tenon.policy", each));
    ManagerWriter.filters(manager, plan.filters(), policy);
    return listener(
        name, plan.address(), plan.listenPort(), TrafficDirection.INBOUND, manager.build());
  }

  private static Optional<PolicyFilter> policy(InboundPlan plan) {
    return plan.guard() instanceof Guard.Judged(var namespaces)
        ? Optional.of(
            PolicyFilter.newBuilder()
                .addAllNamespaces(namespaces)
                // Sorted, so that equal attributes are equal bytes in every process.
                .putAllAttributes(new TreeMap<>(plan.attributes()))
                .build())
        : Optional.empty();
  }

  private static RouteConfiguration inboundRoutes(InboundPlan plan) {
    Route.Builder route =
        plan.guard() instanceof Guard.Refused
            ? refusal("policy or a request filter")
            : Route.newBuilder()
                .setRoute(
                    RouteAction.newBuilder()
                        .addAllRateLimits(EnvoyPolicyWriter.descriptors(plan).stream().toList())
                        .setCluster(ClusterWriter.inboundName(plan))
                        .setTimeout(Addresses.duration(Duration.ZERO)));
    return table("inbound|" + plan.servicePort() + "||", "inbound|http|" + plan.servicePort(), route);
  }

  private static Route.Builder refusal(String what) {
    String body = what + " of this service cannot be carried out by its proxy";
    return Route.newBuilder()
        .setDirectResponse(
            DirectResponseAction.newBuilder()
                .setStatus(UNAVAILABLE)
                .setBody(DataSource.newBuilder().setInlineString(body)));
  }

  private static RouteConfiguration table(String name, String host, Route.Builder route) {
    return RouteConfiguration.newBuilder()
        .setName(name)
        .addVirtualHosts(
            VirtualHost.newBuilder()
                .setName(host)
                .addDomains("*")
                .addRoutes(route.setName("default").setMatch(MatchWriter.everything())))
        .build();
  }

  private static String name(String address, int port) {
    return address + "_" + port;
  }

  private static Resource listener(
      String name, String address, int port, TrafficDirection direction, HttpConnectionManager manager) {
    Listener listener =
        Listener.newBuilder()
            .setName(name)
            .setAddress(Addresses.address(address, port))
            .setTrafficDirection(direction)
            .addFilterChains(
                FilterChain.newBuilder()
                    .addFilters(
                        Filter.newBuilder()
                            .setName("envoy.filters.network.http_connection_manager")
                            .setTypedConfig(Packing.any(manager))))
            .build();
    return Packing.resource(name, listener);
  }
}
