package dev.tenon.proxy;

import dev.tenon.proxy.compile.ClusterSpec;
import dev.tenon.proxy.compile.EndpointSpec;
import dev.tenon.proxy.compile.HttpSpec;
import dev.tenon.proxy.compile.ListenerSpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteSource;
import dev.tenon.proxy.compile.RouteTable;
import dev.tenon.proxy.compile.Table;
import dev.tenon.proxy.compile.VirtualHost;
import dev.tenon.proxy.live.Live;
import dev.tenon.proxy.plug.Plugs;
import dev.tenon.proxy.report.Telemetry;
import dev.tenon.proxy.serve.Lanes;
import dev.tenon.proxy.serve.Outfit;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.guard.Usage;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.policy.PolicyEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A data plane on loopback with a table made by hand. */
final class RunningProxy implements AutoCloseable {
  final LoosePorts ports;
  final Live live = new Live();
  private Lanes lanes = new Lanes();
  final Plugs plugs = Plugs.of(DirectGuards::new, new Limits(Duration.ofMillis(1_500), 8, 100, Duration.ofMillis(1)), () -> lanes.comeRound());
  final int port = freePort();
  final int inboundPort = freePort();
  final int adminPort = freePort();
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final boolean ownPorts;
  private DataPlane plane;
  private @Nullable Telemetry telemetry;
  private final List<Route> routes = new ArrayList<>();
  private final Map<String, ClusterSpec> clusters = new HashMap<>();
  private UnaryOperator<HttpSpec> http = spec -> spec;

  /** What plugs hold, and what modules have cost, as the kernel would tell. */
  List<String> hung = List.of();

  List<Usage> modules = List.of();
  private List<String> domains = List.of("*");
  static final Locality HERE = new Locality("here", "", "");

  RunningProxy() {
    this(new LoosePorts(1), true, "");
  }

  RunningProxy(Path accessLog) {
    this(new LoosePorts(1), true, accessLog.toString());
  }

  private RunningProxy(LoosePorts ports, boolean ownPorts, String accessLog) {
    this.ports = ports;
    this.ownPorts = ownPorts;
    this.plane = plane(accessLog, "");
  }

  private DataPlane plane(String accessLog, String build) {
    lanes = new Lanes();
    InetSocketAddress admin = new InetSocketAddress(InetAddress.getLoopbackAddress(), adminPort);
    return new DataPlane(
        ports,
        live,
        timers,
        new DataPlane.Options(Optional.of(admin), accessLog, build, "here-v1", "default", "here"),
        lanes,
        new Outfit(plugs, HERE, telemetry),
        new PageSources(() -> CompletableFuture.completedStage("{\"configs\":[]}"), () -> hung, () -> modules, List::of));
  }

  /** Has finished requests told to sinks; before it is started. */
  RunningProxy telemetry(Telemetry of) {
    plane.close();
    telemetry = of;
    plane = plane("", "");
    return this;
  }

  DataPlane plane() {
    return plane;
  }

  RunningProxy domains(String... names) {
    domains = List.of(names);
    return this;
  }

  RunningProxy route(Route... some) {
    routes.addAll(Arrays.asList(some));
    return this;
  }

  RunningProxy cluster(String name, RawServer... servers) {
    return cluster(name, spec -> spec, servers);
  }

  RunningProxy cluster(String name, UnaryOperator<ClusterSpec> change, RawServer... servers) {
    List<EndpointSpec> endpoints = Arrays.stream(servers).map(server -> new EndpointSpec(server.address())).toList();
    clusters.put(
        name, change.apply(ClusterSpec.of(name, ClusterSpec.LoadBalancing.ROUND_ROBIN, endpoints)));
    return this;
  }

  RunningProxy http(UnaryOperator<HttpSpec> change) {
    http = change;
    return this;
  }

  RunningProxy policies(Map<String, PolicyEngine.Policy> policies) {
    live.policies(policies);
    return this;
  }

  RunningProxy start() throws IOException {
    plane.start();
    publish();
    live.completed();
    plane.ready().toCompletableFuture().join();
    return this;
  }

  void publish() {
    VirtualHost host = new VirtualHost("hosts", domains, routes);
    HttpSpec spec = http.apply(HttpSpec.plain(new RouteSource.Named("routes")));
    live.publish(
        new Table(
            Map.of(
                "listener", listener("listener", port, ListenerSpec.Direction.OUTBOUND, spec),
                "inbound", listener("inbound", inboundPort, ListenerSpec.Direction.INBOUND, spec)),
            Map.of("routes", new RouteTable("routes", List.of(host), false)),
            clusters,
            Map.of()));
  }

  private static ListenerSpec listener(String name, int port, ListenerSpec.Direction direction, HttpSpec spec) {
    return new ListenerSpec(name, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), direction, spec);
  }

  /** Another generation beside the present one takes over, as at a swap. Returns the old one, draining. */
  CompletableFuture<Void> replace(String build) throws IOException {
    DataPlane old = plane;
    plane = plane("", build);
    plane.start();
    return old.handOver().toCompletableFuture().thenRunAsync(old::close);
  }

  CompletableFuture<Void> drain() {
    return plane.drain().toCompletableFuture();
  }

  RawClient client() throws IOException {
    return new RawClient(port);
  }

  /** A client at the listener that leads to the application. */
  RawClient inbound() throws IOException {
    return new RawClient(inboundPort);
  }

  RawClient admin() throws IOException {
    return new RawClient(adminPort);
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    plane.close();
    timers.shutdownNow();
    if (ownPorts) {
      ports.close();
    }
  }
}
