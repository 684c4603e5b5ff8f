package dev.tenon.pilot.translate;

import com.google.protobuf.UInt32Value;
import dev.tenon.pilot.scope.HostPlan;
import dev.tenon.pilot.scope.RoutePlan;
import dev.tenon.pilot.scope.RouteTable;
import dev.tenon.spi.rules.HeaderOps;
import dev.tenon.spi.rules.VirtualService.Action;
import dev.tenon.spi.rules.VirtualService.HttpMatch;
import dev.tenon.spi.rules.VirtualService.HttpRoute;
import dev.tenon.spi.rules.VirtualService.WeightedDestination;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction.RedirectResponseCode;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes routes. */
final class RouteWriter {
  private static final int BAD_GATEWAY = 502;
  /** Bytes of a direct response that every proxy takes; more has to be allowed. */
  private static final int USUAL_BODY = 4096;
  /** And that much, as in Istio. */
  private static final int LARGEST_BODY = 1 << 20;

  private RouteWriter() {}

  /** A route configuration of hosts that are written already, one by one. */
  static Resource table(RouteTable table, Function<HostPlan, VirtualHost> hosts) {
    RouteConfiguration.Builder routes =
        RouteConfiguration.newBuilder().setName(table.name());
    if (table.hosts().stream().anyMatch(RouteWriter::answersAtLength)) {
      routes.setMaxDirectResponseBodySizeBytes(UInt32Value.of(LARGEST_BODY));
    }
    table.hosts().forEach(host -> routes.addVirtualHosts(hosts.apply(host)));
    if (table.blockRest()) {
      routes.addVirtualHosts(blockAll());
    }
    return Packing.resource(table.name(), routes.build());
  }

  static VirtualHost host(HostPlan host) {
    VirtualHost.Builder virtualHost =
        VirtualHost.newBuilder().setName(host.name()).addAllDomains(host.domains());
    for (RoutePlan plan : host.routes()) {
      if (plan.route().matches().isEmpty()) {
        virtualHost.addRoutes(route(plan, MatchWriter.everything()));
      }
      for (HttpMatch match : plan.route().matches()) {
        virtualHost.addRoutes(route(plan, MatchWriter.match(match)));
      }
    }
    return virtualHost.build();
  }

  private static boolean answersAtLength(HostPlan host) {
    return host.routes().stream()
        .anyMatch(
            plan ->
                plan.route().action() instanceof Action.DirectResponse response
                    && response.body().getBytes(StandardCharsets.UTF_8).length > USUAL_BODY);
  }

  private static VirtualHost blockAll() {
    return VirtualHost.newBuilder()
        .setName("block_all")
        .addDomains("*")
        .addRoutes(
            Route.newBuilder()
                .setName("block_all")
                .setMatch(MatchWriter.everything())
                .setDirectResponse(DirectResponseAction.newBuilder().setStatus(BAD_GATEWAY)))
        .build();
  }

  private static Route route(RoutePlan plan, RouteMatch match) {
    HttpRoute rule = plan.route();
    Route.Builder route = Route.newBuilder().setMatch(match);
    if (!rule.name().isEmpty()) {
      route.setName(rule.name());
    }
    headers(route, rule.requestHeaders(), rule.responseHeaders());
    switch (rule.action()) {
      case Action.Forward forward -> route.setRoute(forward(plan, forward));
      case Action.Redirect redirect -> route.setRedirect(redirect(redirect));
      case Action.DirectResponse response -> route.setDirectResponse(direct(response));
    }
    rule.fault()
        .ifPresent(
            fault ->
                route.putTypedPerFilterConfig(FaultWriter.FILTER, Packing.any(FaultWriter.fault(fault))));
    return route.build();
  }

  private static void headers(Route.Builder route, HeaderOps request, HeaderOps response) {
    route
        .addAllRequestHeadersToAdd(HeaderWriter.additions(request))
        .addAllRequestHeadersToRemove(HeaderWriter.removals(request))
        .addAllResponseHeadersToAdd(HeaderWriter.additions(response))
        .addAllResponseHeadersToRemove(HeaderWriter.removals(response));
  }

  private static RouteAction forward(RoutePlan plan, Action.Forward forward) {
    HttpRoute rule = plan.route();
    RouteAction.Builder action = RouteAction.newBuilder();
    destinations(action, forward.destinations(), plan.clusters());
    // Without this a proxy would give up after its own default of 15 s.
    action.setTimeout(Addresses.duration(rule.timeout().orElse(Duration.ZERO)));
    rule.retries().flatMap(RetryWriter::policy).ifPresent(action::setRetryPolicy);
    rule.rewrite()
        .ifPresent(
            rewrite -> {
              // What the condition matched is replaced: a prefix, or else the whole path.
              action.setPrefixRewrite(rewrite.uri());
              if (!rewrite.authority().isEmpty()) {
                action.setHostRewriteLiteral(rewrite.authority());
              }
            });
    HeaderWriter.authority(rule.requestHeaders()).ifPresent(action::setHostRewriteLiteral);
    return action.build();
  }

  private static void destinations(
      RouteAction.Builder action, List<WeightedDestination> destinations, List<String> clusters) {
    List<ClusterWeight> weights = new ArrayList<>();
    boolean plain = true;
    boolean noWeights = destinations.stream().allMatch(each -> each.weight() == 0);
    for (int i = 0; i < destinations.size(); i++) {
      WeightedDestination destination = destinations.get(i);
      // Alone, a destination takes everything, whatever weight was written.
      int weight = destinations.size() == 1 || noWeights ? 100 : destination.weight();
      if (weight > 0) {
        weights.add(weight(destination, clusters.get(i), weight));
        plain &=
            destination.requestHeaders().equals(HeaderOps.NONE)
                && destination.responseHeaders().equals(HeaderOps.NONE);
      }
    }
    if (weights.size() == 1 && plain) {
      action.setCluster(weights.getFirst().getName());
    } else {
      action.setWeightedClusters(WeightedCluster.newBuilder().addAllClusters(weights));
    }
  }

  private static ClusterWeight weight(WeightedDestination destination, String cluster, int weight) {
    ClusterWeight.Builder share =
        ClusterWeight.newBuilder()
            .setName(cluster)
            .setWeight(UInt32Value.of(weight))
            .addAllRequestHeadersToAdd(HeaderWriter.additions(destination.requestHeaders()))
            .addAllRequestHeadersToRemove(HeaderWriter.removals(destination.requestHeaders()))
            .addAllResponseHeadersToAdd(HeaderWriter.additions(destination.responseHeaders()))
            .addAllResponseHeadersToRemove(HeaderWriter.removals(destination.responseHeaders()));
    HeaderWriter.authority(destination.requestHeaders()).ifPresent(share::setHostRewriteLiteral);
    return share.build();
  }

  private static RedirectAction redirect(Action.Redirect redirect) {
    RedirectAction.Builder action =
        RedirectAction.newBuilder().setResponseCode(redirectCode(redirect.status()));
    if (!redirect.host().isEmpty()) {
      action.setHostRedirect(redirect.host());
    }
    if (!redirect.path().isEmpty()) {
      action.setPathRedirect(redirect.path());
    }
    return action.build();
  }

  private static RedirectResponseCode redirectCode(int status) {
    return switch (status) {
      case 302 -> RedirectResponseCode.FOUND;
      case 303 -> RedirectResponseCode.SEE_OTHER;
      case 307 -> RedirectResponseCode.TEMPORARY_REDIRECT;
      case 308 -> RedirectResponseCode.PERMANENT_REDIRECT;
      default -> RedirectResponseCode.MOVED_PERMANENTLY;
    };
  }

  private static DirectResponseAction direct(Action.DirectResponse response) {
    DirectResponseAction.Builder action = DirectResponseAction.newBuilder().setStatus(response.status());
    if (!response.body().isEmpty()) {
      action.setBody(DataSource.newBuilder().setInlineString(response.body()));
    }
    return action.build();
  }
}
