package dev.tenon.proxy;

import dev.tenon.proxy.compile.ClusterSpec;
import dev.tenon.proxy.compile.EndpointSpec;
import dev.tenon.proxy.compile.HttpSpec;
import dev.tenon.proxy.compile.ListenerSpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteMatch;
import dev.tenon.proxy.compile.RouteSource;
import dev.tenon.proxy.compile.RouteTable;
import dev.tenon.proxy.compile.Table;
import dev.tenon.proxy.compile.VirtualHost;
import dev.tenon.proxy.live.Live;
import dev.tenon.proxy.serve.Lanes;
import dev.tenon.proxy.serve.Outfit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** The data plane by itself, for a benchmark: {@code BenchMain PORT BACKEND-PORT [ACCESS-LOG]}. */
final class BenchMain {
  private BenchMain() {}

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    int backend = Integer.parseInt(arguments[1]);
    String log = arguments.length > 2 ? arguments[2] : "";
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ClusterSpec cluster =
        ClusterSpec.of(
            "backend",
            ClusterSpec.LoadBalancing.ROUND_ROBIN,
            List.of(new EndpointSpec(new InetSocketAddress(loopback, backend))));
    VirtualHost host =
        new VirtualHost("all", List.of("*"), List.of(Route.of(RouteMatch.ALL, RouteAction.Forward.to("backend"))));
    HttpSpec http = HttpSpec.plain(new RouteSource.Inline(new RouteTable("r", List.of(host), false)));
    ListenerSpec listener =
        new ListenerSpec("l", new InetSocketAddress(loopback, port), ListenerSpec.Direction.INBOUND, http);
    Live live = new Live();
    LoosePorts ports = new LoosePorts(1);
    DataPlane.Options options = new DataPlane.Options(Optional.empty(), log, "", "bench", "default", "bench");
    DataPlane plane =
        new DataPlane(
            ports,
            live,
            Executors.newSingleThreadScheduledExecutor(),
            options,
            new Lanes(),
            Outfit.none(),
            new PageSources(() -> CompletableFuture.completedStage("{}"), List::of, List::of, List::of));
    plane.start();
    live.publish(new Table(Map.of("l", listener), Map.of(), Map.of("backend", cluster), Map.of()));
    live.completed();
    plane.ready().toCompletableFuture().join();
    Thread.currentThread().join();
  }
}
