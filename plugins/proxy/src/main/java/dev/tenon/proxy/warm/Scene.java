package dev.tenon.proxy.warm;

import dev.tenon.proxy.compile.ClusterSpec;
import dev.tenon.proxy.compile.ClusterSpec.LoadBalancing;
import dev.tenon.proxy.compile.EndpointSpec;
import dev.tenon.proxy.compile.HeaderMatch;
import dev.tenon.proxy.compile.HeaderOps;
import dev.tenon.proxy.compile.HttpSpec;
import dev.tenon.proxy.compile.HttpSpec.CallerIdentity;
import dev.tenon.proxy.compile.HttpSpec.HttpLimits;
import dev.tenon.proxy.compile.HttpSpec.PathNormalization;
import dev.tenon.proxy.compile.ListenerSpec;
import dev.tenon.proxy.compile.PlacedFilters;
import dev.tenon.proxy.compile.PolicySpec;
import dev.tenon.proxy.compile.Rewrite;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteMatch;
import dev.tenon.proxy.compile.RouteSource;
import dev.tenon.proxy.compile.RouteTable;
import dev.tenon.proxy.compile.Table;
import dev.tenon.proxy.compile.ValueMatch;
import dev.tenon.proxy.compile.VirtualHost;
import dev.tenon.proxy.compile.WeightedCluster;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is rehearsed: a table with one route of each usual kind, and the messages that take them. */
final class Scene {
  /** The listener's and the policy's name; also marks every message, as its host. */
  static final String NAME = "rehearsal.tenon.invalid";

  /**
   * A request, and how the upstream answers it.
   *
   * @param request whole, or in two reads
   * @param requestSplit where the second read begins; the length when there is none
   * @param answer of the upstream; empty when it is not asked
   * @param answerSplit as for the request
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Turn(byte[] request, int requestSplit, byte[] answer, int answerSplit) {}

  private static final String FIELDS =
      "Host: " + NAME + "\r\nUser-Agent: tenon-rehearsal/1\r\nAccept: */*\r\nAccept-Encoding: gzip\r\nX-Request-Id: 1\r\n";
  private static final byte[] PLAIN =
      text("HTTP/1.1 200 OK\r\nServer: rehearsal\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\n"
          + "Content-Length: 100\r\n\r\n" + "0123456789".repeat(10));
  private static final byte[] CHUNKED =
      text("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "64\r\n" + "0123456789".repeat(10) + "\r\n0\r\n\r\n");

  /** In this order, again and again; what callers do most is here most. */
  static final List<Turn> TURNS =
      List.of(
          whole("GET /plain HTTP/1.1\r\n" + FIELDS + "\r\n", PLAIN),
          whole("GET /plain?page=2 HTTP/1.1\r\n" + FIELDS + "Cookie: session=1\r\n\r\n", CHUNKED),
          whole("GET /plain/item HTTP/1.1\r\nHost: " + NAME + "\r\n\r\n", PLAIN),
          whole("GET /shared HTTP/1.1\r\n" + FIELDS + "X-Tier: gold\r\nConnection: keep-alive\r\n\r\n", PLAIN),
          whole("GET /plain HTTP/1.1\r\n" + FIELDS + "\r\n", PLAIN),
          whole("POST /plain HTTP/1.1\r\n" + FIELDS + "Content-Length: 200\r\n\r\n" + "0123456789".repeat(20), PLAIN),
          split("POST /shared HTTP/1.1\r\n" + FIELDS + "X-Tier: gold\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n0\r\n\r\n"),
          whole("GET /answered HTTP/1.1\r\n" + FIELDS + "\r\n", new byte[0]));

  private Scene() {}

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Turn whole(String request, byte[] answer) {
    return new Turn(text(request), request.length(), answer, answer.length);
  }

  /** Both messages come in two reads, the request's body in the second one. */
  private static Turn split(String request) {
    return new Turn(text(request), request.indexOf("5\r\n01234"), CHUNKED, CHUNKED.length - 40);
  }

  static Table table() {
    RouteAction.Forward one = RouteAction.Forward.to("one");
    RouteAction.Forward shared =
        new RouteAction.Forward(
            List.of(share("one", 1), share("two", 3)), Duration.ofSeconds(15), Optional.empty(), Rewrite.NONE);
    HeaderOps added = new HeaderOps(List.of(new HeaderOps.Put("x-rehearsal", "1", HeaderOps.When.OVERWRITE)));
    RouteMatch gold =
        new RouteMatch(
            RouteMatch.prefix("/shared").path(),
            List.of(new HeaderMatch("x-tier", new ValueMatch.Exact("gold", false))),
            List.of());
    VirtualHost host =
        new VirtualHost(
            NAME,
            List.of(NAME),
            List.of(
                new Route("shared", gold, shared, added, added, Optional.empty()),
                Route.of(RouteMatch.prefix("/answered"), new RouteAction.DirectResponse(200, "rehearsed")),
                Route.of(RouteMatch.ALL, one)));
    return new Table(
        Map.of(NAME, listener()),
        Map.of(NAME, new RouteTable(NAME, List.of(host), true)),
        Map.of("one", cluster("one", LoadBalancing.ROUND_ROBIN), "two", cluster("two", LoadBalancing.LEAST_REQUEST)),
        Map.of());
  }

  private static WeightedCluster share(String cluster, long weight) {
    return new WeightedCluster(cluster, weight, HeaderOps.NONE, HeaderOps.NONE);
  }

  private static ListenerSpec listener() {
    HttpSpec http =
        new HttpSpec(
            new RouteSource.Named(NAME),
            Optional.of(new PolicySpec(List.of(NAME), Map.of("destination.name", NAME))),
            true,
            PlacedFilters.NONE,
            CallerIdentity.INSIDE,
            PathNormalization.STRICT,
            HttpLimits.DEFAULT,
            Optional.empty());
    return new ListenerSpec(NAME, address(1), ListenerSpec.Direction.INBOUND, http);
  }

  private static ClusterSpec cluster(String name, LoadBalancing balancing) {
    return ClusterSpec.of(name, balancing, List.of(new EndpointSpec(address(2)), new EndpointSpec(address(3))));
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Allows, after it has read what rules read most: the engine, its adapters and quotas are not asked. */
  record Lenient() implements PolicyEngine.Policy {
    @Override
    public PolicyEngine.@Nullable Outcome check(Attributes request, PolicyEngine.Later later) {
      if (request.get("request.path") == null || !NAME.equals(request.get("request.host"))) {
        throw new IllegalStateException("policy is not told the path or the host of a request");
      }
      request.entry("request.headers", "x-tier");
      return PolicyEngine.Outcome.ALLOWED;
    }

    @Override
    public void close() {}
  }
}
