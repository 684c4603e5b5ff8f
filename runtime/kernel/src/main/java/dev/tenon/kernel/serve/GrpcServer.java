package dev.tenon.kernel.serve;

import dev.tenon.kernel.offers.OfferTable;
import dev.tenon.spi.stream.Subscription;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalAddress;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The gRPC server behind one {@link Front}. The only class that builds one. */
final class GrpcServer implements AutoCloseable {
  private static final int LARGEST_MESSAGE = 16 << 20;
  private static final int MOST_CONNECTIONS = 10_000;
  private final Server server;
  private final Subscription offers;
  private final LentServerChannel channel;
  private final AtomicInteger open = new AtomicInteger();

  private GrpcServer(Server server, Subscription offers, LentServerChannel channel) {
    this.server = server;
    this.offers = offers;
    this.channel = channel;
  }

  static GrpcServer start(String name, OfferTable table, Predicate<String> served, BooleanSupplier complete,
      EventLoopGroup loops, ExecutorService threads, Consumer<NettyServerBuilder> guard)
      throws IOException {
    ServiceTable services = new ServiceTable(served, complete);
    Subscription offers = table.offers(BindableService.class).subscribe(services::replace);
    LentServerChannel channel = new LentServerChannel();
    NettyServerBuilder builder = NettyServerBuilder.forAddress(new LocalAddress(name))
        .channelFactory(() -> channel)
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .executor(threads)
        .callExecutor(new Handlers(threads))
        .fallbackHandlerRegistry(services)
        .maxInboundMessageSize(LARGEST_MESSAGE)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
    guard.accept(builder);
    Server server = builder.build().start();
    return new GrpcServer(server, offers, channel);
  }

  /** Serves a connection that is registered nowhere yet; one that is too many is closed. */
  void serve(Channel connection) {
    if (open.incrementAndGet() > MOST_CONNECTIONS) {
      open.decrementAndGet();
      connection.unsafe().closeForcibly();
      return;
    }
    connection.closeFuture().addListener(ignored -> open.decrementAndGet());
    channel.eventLoop().execute(() -> {
      channel.pipeline().fireChannelRead(connection);
      channel.pipeline().fireChannelReadComplete();
    });
  }

  @Override
  public void close() {
    offers.close();
    server.shutdown();
    try {
      if (!server.awaitTermination(200, TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        server.awaitTermination(500, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
