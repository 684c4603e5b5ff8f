package dev.tenon.proxy.compile;

import com.google.protobuf.ByteString;
import dev.tenon.wire.xds.v1.RetryPolicy;
import dev.tenon.wire.xds.v1.RouteConfiguration;
import java.util.List;
import java.util.Optional;

/** Compiles route configurations, of RDS or within a listener. Pure. */
public final class RouteCompiler {
  private static final int DEFAULT_LARGEST_BODY = 4096;

  private RouteCompiler() {}

  /** Compiles the bytes of a {@code RouteConfiguration}. */
  public static Compilation<RouteTable> compile(ByteString bytes) {
    return Unusable.attempt(
        () -> {
          RouteShapes.TABLE.demand(bytes);
          return table(RouteConfiguration.parseFrom(bytes));
        });
  }

  /** Compiles a configuration whose fields were looked through already. */
  static RouteTable table(RouteConfiguration config) {
    Values.mustBeOff("validate_clusters", config.getValidateClusters());
    Level whole =
        new Level(
            HeaderOpsCompiler.request(config.getRequestHeadersToAddList(), config.getRequestHeadersToRemoveList()),
            HeaderOpsCompiler.response(config.getResponseHeadersToAddList(), config.getResponseHeadersToRemoveList()),
            FaultCompiler.perFilter(config.getTypedPerFilterConfigList(), Optional.empty()),
            Optional.empty(),
            config.hasMaxDirectResponseBodySizeBytes()
                ? Values.count(config.getMaxDirectResponseBodySizeBytes())
                : DEFAULT_LARGEST_BODY);
    List<VirtualHost> hosts = Unusable.each("virtual_hosts", config.getVirtualHostsList(), host -> host(host, whole));
    try {
      return new RouteTable(config.getName(), hosts, config.getIgnorePortInHostMatching());
    } catch (IllegalArgumentException e) {
      throw new Unusable("virtual_hosts", String.valueOf(e.getMessage()));
    }
  }

  private static VirtualHost host(dev.tenon.wire.xds.v1.VirtualHost host, Level whole) {
    if (host.getDomainsCount() == 0) {
      throw new Unusable("domains", "at least one is required");
    }
    Level level =
        new Level(
            HeaderOpsCompiler.request(host.getRequestHeadersToAddList(), host.getRequestHeadersToRemoveList())
                .then(whole.request),
            HeaderOpsCompiler.response(host.getResponseHeadersToAddList(), host.getResponseHeadersToRemoveList())
                .then(whole.response),
            FaultCompiler.perFilter(host.getTypedPerFilterConfigList(), whole.fault),
            host.hasRetryPolicy() ? Optional.of(host.getRetryPolicy()) : Optional.empty(),
            whole.largestBody);
    return new VirtualHost(
        host.getName(), host.getDomainsList(), Unusable.each("routes", host.getRoutesList(), each -> route(each, level)));
  }

  private static Route route(dev.tenon.wire.xds.v1.Route route, Level level) {
    if (!route.hasMatch()) {
      throw new Unusable("match", "is required");
    }
    RouteMatch match = Unusable.in("match", () -> ConditionCompiler.match(route.getMatch()));
    return new Route(
        route.getName(),
        match,
        action(route, match, level),
        HeaderOpsCompiler.request(route.getRequestHeadersToAddList(), route.getRequestHeadersToRemoveList())
            .then(level.request),
        HeaderOpsCompiler.response(route.getResponseHeadersToAddList(), route.getResponseHeadersToRemoveList())
            .then(level.response),
        FaultCompiler.perFilter(route.getTypedPerFilterConfigList(), level.fault));
  }

  private static RouteAction action(
      dev.tenon.wire.xds.v1.Route route, RouteMatch match, Level level) {
    return switch (route.getActionCase()) {
      case ROUTE -> Unusable.in("route", () -> ForwardCompiler.forward(route.getRoute(), match, level.retry));
      case REDIRECT -> Unusable.in("redirect", () -> AnswerCompiler.redirect(route.getRedirect(), match));
      case DIRECT_RESPONSE ->
          Unusable.in("direct_response", () -> AnswerCompiler.direct(route.getDirectResponse(), level.largestBody));
      case ACTION_NOT_SET ->
          throw new Unusable("action", "one of route, redirect and direct_response is required");
    };
  }

  /** What a route takes over from its virtual host and table. */
  private record Level(
      HeaderOps request,
      HeaderOps response,
      Optional<FaultSpec> fault,
      Optional<RetryPolicy> retry,
      int largestBody) {}
}
