package dev.tenon.adapter.remote;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * A connection to an adapter, on one thread of its own: it is made when it is first needed, and anew whenever it is lost. The only
 * place that makes any.
 */
final class Dial implements AutoCloseable {
  private static final int CONNECT_MILLIS = 1_000;
  private static final int LARGEST_ANSWER = 1 << 20;
  private static final long FAREWELL_MILLIS = 200;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, Thread.ofPlatform().daemon().name("remote-adapter").inheritInheritableThreadLocals(false).factory(), NioIoHandler.newFactory());
  private final ManagedChannel channel;

  Dial(Place place) {
    this.channel = channel(place);
  }

  ManagedChannel channel() {
    return channel;
  }

  private ManagedChannel channel(Place place) {
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(place.host(), place.port());
    if (place.tls() == null) {
      builder.usePlaintext();
    } else {
      builder.sslContext(place.tls());
      if (place.serverName() != null) {
        builder.overrideAuthority(place.serverName());
      }
    }
    return builder
        .eventLoopGroup(loop)
        .channelType(NioSocketChannel.class)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .directExecutor()
        .offloadExecutor(task -> Thread.ofVirtual().name("tenon-adapter-resolve").start(task))
        .proxyDetector(target -> null)
        .disableServiceConfigLookUp()
        .disableRetry()
        .maxInboundMessageSize(LARGEST_ANSWER)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .build();
  }

  /** Ends it and its thread; waits a moment. */
  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.shutdownGracefully(0, FAREWELL_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * FAREWELL_MILLIS);
  }
}
