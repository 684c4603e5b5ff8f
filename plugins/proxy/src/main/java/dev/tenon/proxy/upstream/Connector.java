package dev.tenon.proxy.upstream;

import dev.tenon.proxy.compile.ClusterSpec;
import dev.tenon.spi.ports.Ports;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens connections of one loop, and hands idle ones to the generation to come. */
@SuppressWarnings("FutureReturnValueIgnored") // the listener tells what became of it
final class Connector {
  private final Ports ports;
  private final EventLoop loop;
  private boolean keeping;

  Connector(Ports ports, EventLoop loop) {
    this.ports = ports;
    this.loop = loop;
  }

  /** Whether idle connections are from now on kept for the generation to come, or closed. */
  void keep(boolean forOthers) {
    keeping = forOthers;
  }

  boolean keeping() {
    return keeping;
  }

  @Nullable Channel takeWarm(String key) {
    return ports.takeWarm(key, loop);
  }

  void keepWarm(String key, Channel channel) {
    ports.keepWarm(key, channel);
  }

  void connect(
      InetSocketAddress address,
      ClusterSpec spec,
      UpstreamConnection handler,
      Consumer<UpstreamConnection> established,
      BiConsumer<Reset, String> failed) {
    long timeout = Math.clamp(spec.connectTimeout().toMillis(), 1, Integer.MAX_VALUE);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(ports.channelType())
            .disableResolver()
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout)
            .handler(new Waiting());
    SocketAddress source = spec.source().map(from -> new InetSocketAddress(from, 0)).orElse(null);
    ChannelFuture future = source == null ? bootstrap.connect(address) : bootstrap.connect(address, source);
    future.addListener(
        done -> {
          Channel channel = future.channel();
          if (done.isSuccess()) {
            handler.open(channel);
            channel.pipeline().removeFirst();
            channel.pipeline().addLast(handler);
            established.accept(handler);
          } else {
            Throwable cause = done.cause();
            failed.accept(
                cause instanceof ConnectTimeoutException ? Reset.CONNECTION_TIMEOUT : Reset.CONNECTION_FAILURE,
                reason(cause));
          }
        });
  }

  private static String reason(@Nullable Throwable cause) {
    String text = cause == null ? null : cause.getMessage();
    return text == null ? "unknown" : text;
  }

  /** Keeps the place until the connection is there: a failed one tells the pool once, not twice. */
  private static final class Waiting extends io.netty.channel.ChannelInboundHandlerAdapter {}
}
