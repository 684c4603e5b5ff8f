package dev.tenon.spi.rules;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How requests to some hosts are routed; Istio's {@code VirtualService}. Everything here is carried
 * out; what this build cannot carry out never got this far.
 *
 * @param hosts as written: full, short or wildcard
 * @param gateways {@code mesh} or {@code namespace/name} of gateways
 * @param exportTo {@code *} or namespaces ({@code .} already resolved)
 * @param http in order, the first that matches wins
 */
public record VirtualService(
    Meta meta, List<String> hosts, List<String> gateways, List<String> exportTo, List<HttpRoute> http) {
  public VirtualService {
    hosts = List.copyOf(hosts);
    gateways = List.copyOf(gateways);
    exportTo = List.copyOf(exportTo);
    http = List.copyOf(http);
  }

  /**
   * One route; Istio's {@code HTTPRoute}.
   *
   * @param name for logs; may be empty
   * @param matches any of them; empty matches everything
   * @param action what is done
   * @param timeout for the whole answer, retries included; zero or absent is none
   * @param retries absent is the mesh's default: none
   */
  public record HttpRoute(
      String name,
      List<HttpMatch> matches,
      Action action,
      Optional<Rewrite> rewrite,
      Optional<Duration> timeout,
      Optional<Retries> retries,
      Optional<Fault> fault,
      HeaderOps requestHeaders,
      HeaderOps responseHeaders) {
    public HttpRoute {
      matches = List.copyOf(matches);
    }
  }

  /** What a route does with a request. */
  public sealed interface Action {
    /** Sends it to one of some destinations by weight. */
    record Forward(List<WeightedDestination> destinations) implements Action {
      public Forward {
        destinations = List.copyOf(destinations);
      }
    }

    /** Answers 3xx; empty host or path keep the request's. */
    record Redirect(String host, String path, int status) implements Action {}

    /** Answers by itself. */
    record DirectResponse(int status, String body) implements Action {}
  }

  /** One condition; all of its parts must hold. Header names are lower-case. */
  public record HttpMatch(
      Optional<TextMatch> uri,
      boolean ignoreUriCase,
      Optional<TextMatch> method,
      Optional<TextMatch> authority,
      Map<String, TextMatch> headers,
      Map<String, TextMatch> withoutHeaders,
      Map<String, TextMatch> queryParams,
      Optional<Integer> port,
      Map<String, String> sourceLabels,
      String sourceNamespace,
      List<String> gateways) {
    public HttpMatch {
      headers = Map.copyOf(headers);
      withoutHeaders = Map.copyOf(withoutHeaders);
      queryParams = Map.copyOf(queryParams);
      sourceLabels = Map.copyOf(sourceLabels);
      gateways = List.copyOf(gateways);
    }
  }

  /** A destination with its share of 100 (or of the sum of all weights). */
  public record WeightedDestination(
      Destination destination, int weight, HeaderOps requestHeaders, HeaderOps responseHeaders) {}

  /**
   * Where to; Istio's {@code Destination}.
   *
   * @param host as written: a short name belongs to the rule's namespace
   * @param subset may be empty
   * @param port absent: the service's only port, or the request's
   */
  public record Destination(String host, String subset, Optional<Integer> port) {}

  /** What the upstream sees instead; empty parts keep the request's. */
  public record Rewrite(String uri, String authority) {}

  /**
   * How often to try again.
   *
   * @param attempts beyond the first; 0 is none
   * @param perTry absent: the route's time-out
   * @param on Envoy's {@code retry_on}, for example {@code connect-failure,refused-stream,5xx}
   */
  public record Retries(int attempts, Optional<Duration> perTry, String on) {}

  /** Trouble made on purpose; percentages 0 to 100. */
  public record Fault(
      Optional<Duration> delay, double delayPercent, Optional<Integer> abortStatus, double abortPercent) {}
}
