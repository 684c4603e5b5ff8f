package dev.tenon.agent.probe;

import dev.tenon.spi.config.Names;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Connects, on loops that are lent; what is said on the connection is a handler's business. */
final class SocketCheck implements Checker {
  private final EventLoopGroup loops;
  private final Class<? extends Channel> channelType;
  private final String where;
  private final InetSocketAddress address;
  private final Duration timeout;
  private final Function<Consumer<Verdict>, ChannelHandler> conversation;

  /**
   * A check.
   *
   * @param host an IP address
   * @param conversation makes what talks on a connection and answers
   */
  SocketCheck(
      EventLoopGroup loops,
      Class<? extends Channel> channelType,
      String host,
      int port,
      Duration timeout,
      Function<Consumer<Verdict>, ChannelHandler> conversation) {
    this.loops = loops;
    this.channelType = channelType;
    this.address = new InetSocketAddress(Names.ipAddress(host).orElseThrow(), port);
    this.where = written(host, port);
    this.timeout = timeout;
    this.conversation = conversation;
  }

  /** {@code address:port}, as in a URL. */
  static String written(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** A conversation that is content with the connection. */
  static ChannelHandler content(Consumer<Verdict> answer) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelActive(io.netty.channel.ChannelHandlerContext context) {
        answer.accept(Verdict.GOOD);
      }
    };
  }

  @Override
  public Runnable check(Consumer<Verdict> answer) {
    Once once = new Once(answer);
    ChannelFuture connected =
        new Bootstrap()
            .group(loops)
            .channel(channelType)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
            .handler(conversation.apply(once))
            .connect(address);
    Channel channel = connected.channel();
    var limit =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  once.accept(Verdict.bad(where + " does not answer within " + timeout.toSeconds() + " s"));
                  channel.close();
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(
        _ -> {
          limit.cancel(false);
          // Netty closes what it could not connect.
          Throwable refused = connected.cause();
          once.accept(
              Verdict.bad(refused == null ? where + " hung up without an answer" : "cannot connect to " + where + ": " + refused.getMessage()));
        });
    return () -> {
      once.mute();
      channel.close();
    };
  }
}
