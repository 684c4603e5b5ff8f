package dev.tenon.kernel.serve;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.ports.BindFailure;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The process's gRPC servers. They belong to the kernel; what they serve belongs to the modules and
 * changes with each swap, while connections stay.
 *
 * <p>Services of {@code dev.tenon.admin} are served on the administration socket alone, all others on
 * the mesh's port alone. Calls run on virtual threads. Messages are bounded to 64 MiB, a connection's
 * calls to 1,000 at once, its header lists to 64 KiB.
 */
public final class Serving implements AutoCloseable {
  private static final String ADMIN = "dev.tenon.admin.";
  private static final int MOST_PATH_BYTES = 100;
  private final EventLoopGroup loops;
  private final boolean epoll;
  private final ServiceTable mesh = new ServiceTable(name -> !name.startsWith(ADMIN));
  private final ServiceTable admin = new ServiceTable(name -> name.startsWith(ADMIN));
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Server> servers = new ArrayList<>();
  private final List<Path> sockets = new ArrayList<>();
  private final Subscription subscription;

  /**
   * Serves what is offered, once a server is opened.
   *
   * @param epoll whether the loops are epoll's
   */
  public Serving(Source<List<Offer<BindableService>>> offers, EventLoopGroup loops, boolean epoll) {
    this.loops = loops;
    this.epoll = epoll;
    subscription =
        offers.subscribe(
            present -> {
              mesh.replace(present);
              admin.replace(present);
            });
  }

  /**
   * Opens the mesh's server.
   *
   * @return the address, with the port that was chosen where 0 was asked for
   * @throws BindFailure when the address cannot be had
   */
  public SocketAddress openMesh(InetSocketAddress address) throws BindFailure {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .channelType(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS);
    return start(builder, mesh, address.toString()).getListenSockets().getFirst();
  }

  /**
   * Opens the administration socket, for this process's user alone.
   *
   * @throws BindFailure when another process administers itself there, or the path cannot be had
   */
  public void openAdmin(Path socket) throws IOException {
    if (!epoll) {
      throw new BindFailure("the administration socket needs epoll, which this machine lacks", new IOException("no epoll"));
    }
    if (socket.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MOST_PATH_BYTES) {
      throw new BindFailure(
          "the path of the administration socket, " + socket + ", is longer than " + MOST_PATH_BYTES
              + " bytes; set run.directory to a shorter one",
          new IOException("path too long"));
    }
    // Bound where nobody else may look, and moved into place when only its owner may use it.
    Path hidden = Files.createTempDirectory(socket.getParent(), ".s", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path bound = hidden.resolve("s");
    start(
        NettyServerBuilder.forAddress(new DomainSocketAddress(bound.toFile()))
            .channelType(EpollServerDomainSocketChannel.class),
        admin,
        socket.toString());
    Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
    Files.move(bound, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.delete(hidden);
    sockets.add(socket);
  }

  private Server start(NettyServerBuilder builder, ServiceTable table, String where) throws BindFailure {
    Server server =
        builder
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .executor(calls)
            .fallbackHandlerRegistry(table)
            .maxInboundMessageSize(64 << 20)
            .maxInboundMetadataSize(64 << 10)
            .maxConcurrentCallsPerConnection(1000)
            .build();
    try {
      server.start();
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new BindFailure("cannot listen on " + where + ": " + cause.getMessage(), e);
    }
    servers.add(server);
    return server;
  }

  /** Takes no new call, gives running ones a second, and closes every socket. */
  @Override
  public void close() {
    servers.forEach(Server::shutdown);
    for (Server server : servers) {
      try {
        if (!server.awaitTermination(1, TimeUnit.SECONDS)) {
          server.shutdownNow();
        }
      } catch (InterruptedException e) {
        server.shutdownNow();
        Thread.currentThread().interrupt();
      }
    }
    for (Path socket : sockets) {
      socket.toFile().delete();
    }
    subscription.close();
    calls.shutdownNow();
  }
}
