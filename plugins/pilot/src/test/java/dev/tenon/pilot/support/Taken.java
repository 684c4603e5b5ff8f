package dev.tenon.pilot.support;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which route a proxy takes, by Envoy's rules: the most specific domain, then the first route that
 * matches.
 *
 * @param host the virtual host; null when none has a domain for it (404)
 * @param route null when none matches (404)
 */
public record Taken(@Nullable VirtualHost host, @Nullable Route route) {
  public static Taken of(RouteConfiguration routes, Call call) {
    Optional<VirtualHost> host = host(routes, call.authority().toLowerCase(Locale.ROOT));
    if (host.isEmpty()) {
      return new Taken(null, null);
    }
    return host.get().getRoutesList().stream()
        .filter(route -> matches(route.getMatch(), call))
        .findFirst()
        .map(route -> new Taken(host.get(), route))
        .orElseGet(() -> new Taken(host.get(), null));
  }

  /** Cluster → weight; empty when the request is not forwarded. */
  public Map<String, Integer> shares() {
    Map<String, Integer> shares = new TreeMap<>();
    if (route != null && route.hasRoute()) {
      if (action().hasWeightedClusters()) {
        action()
            .getWeightedClusters()
            .getClustersList()
            .forEach(each -> shares.put(each.getName(), each.getWeight().getValue()));
      } else {
        shares.put(action().getCluster(), 100);
      }
    }
    return shares;
  }

  /** The only cluster. */
  public String cluster() {
    return shares().size() == 1 ? shares().keySet().iterator().next() : "not one: " + shares();
  }

  /** What is answered without forwarding: a direct response's status, 404 when nothing matches. */
  public int status() {
    if (route == null) {
      return 404;
    }
    return route.hasDirectResponse() ? route.getDirectResponse().getStatus() : 0;
  }

  public RouteAction action() {
    return there().getRoute();
  }

  public Route there() {
    if (route == null) {
      throw new AssertionError("no route matches");
    }
    return route;
  }

  public HTTPFault fault() {
    Any config = there().getTypedPerFilterConfigMap().get("envoy.filters.http.fault");
    return config == null ? HTTPFault.getDefaultInstance() : Read.unpack(config, HTTPFault.class);
  }

  private static Optional<VirtualHost> host(RouteConfiguration routes, String authority) {
    record Claim(VirtualHost host, int rank) {}
    return routes.getVirtualHostsList().stream()
        .flatMap(host -> host.getDomainsList().stream().map(domain -> new Claim(host, rank(domain, authority))))
        .filter(claim -> claim.rank() >= 0)
        .max(Comparator.comparingInt(Claim::rank))
        .map(Claim::host);
  }

  private static int rank(String domain, String authority) {
    if (domain.equals(authority)) {
      return Integer.MAX_VALUE;
    }
    if (domain.equals("*")) {
      return 0;
    }
    boolean covered =
        domain.startsWith("*")
            && authority.endsWith(domain.substring(1))
            && authority.length() >= domain.length();
    return covered ? domain.length() : -1;
  }

  private static boolean matches(RouteMatch match, Call call) {
    String path = call.pathAlone();
    boolean insensitive = match.hasCaseSensitive() && !match.getCaseSensitive().getValue();
    boolean pathMatches =
        switch (match.getPathSpecifierCase()) {
          case PREFIX -> path.regionMatches(insensitive, 0, match.getPrefix(), 0, match.getPrefix().length());
          case PATH -> insensitive ? path.equalsIgnoreCase(match.getPath()) : path.equals(match.getPath());
          case SAFE_REGEX -> Pattern.matches(match.getSafeRegex().getRegex(), path);
          default -> throw new AssertionError("not expected: " + match.getPathSpecifierCase());
        };
    return pathMatches
        && match.getHeadersList().stream().allMatch(each -> matches(each, call))
        && match.getQueryParametersList().stream().allMatch(each -> matches(each, call));
  }

  private static boolean matches(HeaderMatcher matcher, Call call) {
    String value =
        switch (matcher.getName()) {
          case ":method" -> call.method();
          case ":authority" -> call.authority();
          default -> call.headers().get(matcher.getName());
        };
    if (matcher.hasPresentMatch()) {
      return (value != null) == matcher.getPresentMatch() != matcher.getInvertMatch();
    }
    if (value == null && !matcher.getTreatMissingHeaderAsEmpty()) {
      return false;
    }
    return matches(matcher.getStringMatch(), value == null ? "" : value) != matcher.getInvertMatch();
  }

  private static boolean matches(QueryParameterMatcher matcher, Call call) {
    String value = call.query().get(matcher.getName());
    return value != null && (matcher.hasPresentMatch() || matches(matcher.getStringMatch(), value));
  }

  private static boolean matches(StringMatcher matcher, String value) {
    return switch (matcher.getMatchPatternCase()) {
      case EXACT -> value.equals(matcher.getExact());
      case PREFIX -> value.startsWith(matcher.getPrefix());
      case SAFE_REGEX -> Pattern.matches(matcher.getSafeRegex().getRegex(), value);
      default -> throw new AssertionError("not expected: " + matcher.getMatchPatternCase());
    };
  }
}
