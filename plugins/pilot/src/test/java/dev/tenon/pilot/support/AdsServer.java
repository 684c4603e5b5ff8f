package dev.tenon.pilot.support;

import dev.tenon.pilot.serve.DiscoveryService;
import dev.tenon.pilot.serve.Hub;
import dev.tenon.pilot.serve.Limits;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Pilot's discovery service behind a real gRPC server on loopback. */
public final class AdsServer implements AutoCloseable {
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final Hub hub;
  private final Server server;

  /** Listens on a port; 0 is any free one. */
  public AdsServer(int port, Limits limits) throws IOException {
    hub = new Hub("cluster.local", dev.tenon.pilot.scope.PolicyService.USUAL, dev.tenon.pilot.translate.Panic.USUAL, limits, timers);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(new DiscoveryService(hub))
            .build()
            .start();
  }

  public Hub hub() {
    return hub;
  }

  public int port() {
    return server.getPort();
  }

  /** Makes a town's present state known. */
  public void tell(Town town) {
    hub.accept(town.inputs());
  }

  @Override
  public void close() {
    hub.close();
    server.shutdownNow();
    timers.shutdownNow();
  }
}
