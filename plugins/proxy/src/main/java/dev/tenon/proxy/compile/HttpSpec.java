package dev.tenon.proxy.compile;

import java.time.Duration;
import java.util.Optional;

/**
 * How the connections of a listener are served; {@code HttpConnectionManager}.
 *
 * @param routes where the route table is
 * @param policy whose policy judges each request; the filter {@code dev.tenon.policy}
 * @param faults whether the filter {@code envoy.filters.http.fault} is there; without it the faults of
 *     routes do nothing, as in Envoy
 * @param identity what is said about the caller and the request
 * @param paths how paths are made normal before anything looks at them
 * @param limits times and sizes
 * @param filters plug-ins that look at requests
 * @param accessLog path of the access log file; absent: the process's own setting decides
 */
public record HttpSpec(
    RouteSource routes,
    Optional<PolicySpec> policy,
    boolean faults,
    PlacedFilters filters,
    CallerIdentity identity,
    PathNormalization paths,
    HttpLimits limits,
    Optional<String> accessLog) {
  /** Plain service of a route table, with all defaults. */
  public static HttpSpec plain(RouteSource routes) {
    return new HttpSpec(
        routes,
        Optional.empty(),
        true,
        PlacedFilters.NONE,
        CallerIdentity.INSIDE,
        PathNormalization.STRICT,
        HttpLimits.DEFAULT,
        Optional.empty());
  }

  /**
   * What is added to or taken from a head to say where it came from.
   *
   * @param generateRequestId makes an {@code x-request-id} where there is none
   * @param useRemoteAddress this is an edge: the peer's address goes to {@code x-forwarded-for} and
   *     internal headers from outside are dropped
   * @param trustedHops how many proxies in front may be believed in {@code x-forwarded-for}
   */
  public record CallerIdentity(boolean generateRequestId, boolean useRemoteAddress, int trustedHops) {
    /** A sidecar: callers are of the mesh. */
    public static final CallerIdentity INSIDE = new CallerIdentity(true, false, 0);

    /** A gateway: callers are anybody. */
    public static final CallerIdentity EDGE = new CallerIdentity(true, true, 0);
  }

  /** Envoy's {@code normalize_path}, {@code merge_slashes} and {@code path_with_escaped_slashes_action}. */
  public record PathNormalization(boolean normalize, boolean mergeSlashes, EscapedSlashes escapedSlashes) {
    /** Dot segments are resolved and slashes merged. */
    public static final PathNormalization STRICT =
        new PathNormalization(true, true, EscapedSlashes.KEEP);
  }

  /** What is done with {@code %2F} and {@code %5C} in a path. */
  public enum EscapedSlashes {
    KEEP,
    REJECT,
    UNESCAPE
  }

  /**
   * Bounds; a zero duration is none.
   *
   * @param headBytes of one head; {@code max_request_headers_kb}, more is answered 431
   * @param headers in one head
   * @param headTimeout from a head's first byte to its last; {@code request_headers_timeout}
   * @param streamIdle without a byte moved in either direction of a request; {@code stream_idle_timeout}
   * @param connectionIdle between two requests; {@code common_http_protocol_options.idle_timeout}
   */
  public record HttpLimits(
      int headBytes, int headers, Duration headTimeout, Duration streamIdle, Duration connectionIdle) {
    /** Envoy's defaults, with the head's time-out that it recommends at the edge. */
    public static final HttpLimits DEFAULT =
        new HttpLimits(60 * 1024, 100, Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofHours(1));
  }
}
