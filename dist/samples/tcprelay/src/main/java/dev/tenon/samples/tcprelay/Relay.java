package dev.tenon.samples.tcprelay;

import dev.tenon.spi.ports.Farewell;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;

/** Two connections, each of which is told what the other one says. Used on their loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails tells its handler
final class Relay implements Farewell {
  private final DuplexChannel caller;
  private final DuplexChannel server;

  Relay(DuplexChannel caller, DuplexChannel server) {
    this.caller = caller;
    this.server = server;
  }

  void begin() {
    // Either may say that it has said all, and go on listening.
    caller.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    server.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    caller.pipeline().addLast(new Half(server));
    server.pipeline().addLast(new Half(caller));
    caller.config().setAutoRead(true);
    server.config().setAutoRead(true);
    if (!caller.isActive()) {
      server.close();
    }
  }

  /**
   * Says to the server that its caller has said all. What the server still answers passes, then it closes its side and the
   * caller sees that. What the caller says meanwhile is lost, as it is with any TCP server that ends.
   */
  @Override
  public void end() {
    server.shutdownOutput();
  }

  /** One direction. */
  private static final class Half extends ChannelInboundHandlerAdapter {
    private final DuplexChannel to;

    Half(DuplexChannel to) {
      this.to = to;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (to.isOutputShutdown()) {
        // Read on all the same: closing with unread bytes would reset the connection and take the last answer with it.
        ReferenceCountUtil.release(message);
        return;
      }
      to.write(message);
      context.channel().config().setAutoRead(to.isWritable());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      to.flush();
    }

    /** There is room again, or none, for what the other side says. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      to.config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        Channel from = context.channel();
        to.shutdownOutput();
        if (((DuplexChannel) from).isOutputShutdown()) {
          from.close();
        }
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      to.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
