package dev.tenon.kernel.ports;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a listening channel does with each connection: passes it on, not yet registered. */
final class Accepting extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Accepting.class);
  private final Consumer<Channel> taker;

  Accepting(Consumer<Channel> taker) {
    this.taker = taker;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    taker.accept((Channel) message);
  }

  /** Out of descriptors, most likely: listen again in a second instead of spinning. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Channel channel = context.channel();
    if (channel.config().isAutoRead()) {
      log.warn("cannot accept connections on {}: {}; trying again in a second", channel.localAddress(), cause.toString());
      channel.config().setAutoRead(false);
      channel.eventLoop().schedule(() -> channel.config().setAutoRead(true), 1, TimeUnit.SECONDS);
    }
  }
}
