package dev.tenon.pilot.support;

import dev.tenon.spi.config.Position;
import dev.tenon.spi.rules.HeaderOps;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.TextMatch;
import dev.tenon.spi.rules.VirtualService.Action;
import dev.tenon.spi.rules.VirtualService.Destination;
import dev.tenon.spi.rules.VirtualService.Fault;
import dev.tenon.spi.rules.VirtualService.HttpMatch;
import dev.tenon.spi.rules.VirtualService.HttpRoute;
import dev.tenon.spi.rules.VirtualService.Retries;
import dev.tenon.spi.rules.VirtualService.Rewrite;
import dev.tenon.spi.rules.VirtualService.WeightedDestination;
import dev.tenon.spi.rules.VirtualService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** VirtualServices, route by route, in the order of Istio's own words. */
public final class Rule {
  private final String key;
  private final List<String> hosts;
  private List<String> gateways = List.of("mesh");
  private List<String> exportTo = List.of("*");
  private final List<Route> routes = new ArrayList<>();

  private Rule(String key, String... hosts) {
    this.key = key;
    this.hosts = List.of(hosts);
  }

  /** A rule {@code namespace/name} for some hosts. */
  public static Rule virtualService(String key, String... hosts) {
    return new Rule(key, hosts);
  }

  public Rule gateways(String... names) {
    gateways = List.of(names);
    return this;
  }

  public Rule exportTo(String... namespaces) {
    exportTo = List.of(namespaces);
    return this;
  }

  public Rule http(Route route) {
    routes.add(route);
    return this;
  }

  public VirtualService build() {
    return new VirtualService(
        meta(key), hosts, gateways, exportTo, routes.stream().map(Route::build).toList());
  }

  static Meta meta(String key) {
    int slash = key.indexOf('/');
    return new Meta(key.substring(0, slash), key.substring(slash + 1), Position.of("test.yaml"));
  }

  /** A route to {@code host}, {@code host/subset} or {@code host:port}. */
  public static Route to(String destination) {
    return new Route().and(destination, 100);
  }

  public static Route split(String one, int oneWeight, String other, int otherWeight) {
    return new Route().and(one, oneWeight).and(other, otherWeight);
  }

  public static Route redirect(String host, String path, int status) {
    return new Route().action(new Action.Redirect(host, path, status));
  }

  public static Route answer(int status, String body) {
    return new Route().action(new Action.DirectResponse(status, body));
  }

  /** One route under construction. */
  public static final class Route {
    private final List<WeightedDestination> destinations = new ArrayList<>();
    private final List<HttpMatch> matches = new ArrayList<>();
    private Optional<Action> action = Optional.empty();
    private Optional<Rewrite> rewrite = Optional.empty();
    private Optional<Duration> timeout = Optional.empty();
    private Optional<Retries> retries = Optional.empty();
    private Optional<Fault> fault = Optional.empty();
    private HeaderOps request = HeaderOps.NONE;
    private HeaderOps response = HeaderOps.NONE;

    public Route and(String text, int weight) {
      return and(text, weight, HeaderOps.NONE);
    }

    public Route and(String text, int weight, HeaderOps headers) {
      int slash = text.indexOf('/');
      int colon = text.indexOf(':');
      Optional<Integer> port =
          colon < 0 ? Optional.empty() : Optional.of(Integer.valueOf(text.substring(colon + 1)));
      String subset = slash < 0 ? "" : text.substring(slash + 1, colon < 0 ? text.length() : colon);
      String host = text.substring(0, slash >= 0 ? slash : colon >= 0 ? colon : text.length());
      destinations.add(
          new WeightedDestination(new Destination(host, subset, port), weight, headers, HeaderOps.NONE));
      return this;
    }

    Route action(Action other) {
      action = Optional.of(other);
      return this;
    }

    public Route when(Match match) {
      matches.add(match.build());
      return this;
    }

    public Route rewrite(String uri, String authority) {
      rewrite = Optional.of(new Rewrite(uri, authority));
      return this;
    }

    public Route timeout(Duration time) {
      timeout = Optional.of(time);
      return this;
    }

    public Route retries(int attempts, String on) {
      retries = Optional.of(new Retries(attempts, Optional.of(Duration.ofSeconds(2)), on));
      return this;
    }

    public Route delay(Duration time, double percent) {
      fault = Optional.of(new Fault(Optional.of(time), percent, Optional.empty(), 0));
      return this;
    }

    public Route abort(int status, double percent) {
      fault = Optional.of(new Fault(Optional.empty(), 0, Optional.of(status), percent));
      return this;
    }

    public Route headers(HeaderOps forRequest, HeaderOps forResponse) {
      request = forRequest;
      response = forResponse;
      return this;
    }

    HttpRoute build() {
      return new HttpRoute(
          "",
          matches,
          action.orElseGet(() -> new Action.Forward(destinations)),
          rewrite,
          timeout,
          retries,
          fault,
          request,
          response);
    }
  }

  /** One condition under construction. */
  public static final class Match {
    private Optional<TextMatch> uri = Optional.empty();
    private boolean ignoreCase;
    private Optional<TextMatch> method = Optional.empty();
    private Optional<TextMatch> authority = Optional.empty();
    private final Map<String, TextMatch> headers = new HashMap<>();
    private final Map<String, TextMatch> without = new HashMap<>();
    private final Map<String, TextMatch> query = new HashMap<>();
    private Optional<Integer> port = Optional.empty();
    private Map<String, String> sourceLabels = Map.of();
    private String sourceNamespace = "";
    private List<String> gateways = List.of();

    public static Match any() {
      return new Match();
    }

    public static Match prefix(String path) {
      return any().uri(new TextMatch.Prefix(path));
    }

    public static Match exact(String path) {
      return any().uri(new TextMatch.Exact(path));
    }

    public static Match regex(String path) {
      return any().uri(new TextMatch.Regex(path));
    }

    public Match uri(TextMatch match) {
      uri = Optional.of(match);
      return this;
    }

    public Match ignoreCase() {
      ignoreCase = true;
      return this;
    }

    public Match method(String name) {
      method = Optional.of(new TextMatch.Exact(name));
      return this;
    }

    public Match authority(TextMatch match) {
      authority = Optional.of(match);
      return this;
    }

    public Match header(String name, TextMatch match) {
      headers.put(name, match);
      return this;
    }

    public Match without(String name, TextMatch match) {
      without.put(name, match);
      return this;
    }

    public Match query(String name, TextMatch match) {
      query.put(name, match);
      return this;
    }

    public Match port(int number) {
      port = Optional.of(number);
      return this;
    }

    public Match from(Map<String, String> labels) {
      sourceLabels = labels;
      return this;
    }

    public Match fromNamespace(String namespace) {
      sourceNamespace = namespace;
      return this;
    }

    public Match gateways(String... names) {
      gateways = List.of(names);
      return this;
    }

    HttpMatch build() {
      return new HttpMatch(
          uri,
          ignoreCase,
          method,
          authority,
          headers,
          without,
          query,
          port,
          sourceLabels,
          sourceNamespace,
          gateways);
    }
  }
}
