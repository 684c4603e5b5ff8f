package dev.tenon.samples.tcprelay;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.ports.Ports;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;

/**
 * What comes to {@code tcprelay.listen} goes on to {@code tcprelay.to}, and back. Nobody can tell where one
 * thing said over TCP ends and the next begins, so a connection cannot change hands: it stays with the
 * generation that took it.
 */
public final class TcpRelay implements Module {
  @Override
  public String name() {
    return "tcprelay";
  }

  @Override
  public Running start(ModuleContext context) throws Exception {
    Fields settings = context.settings();
    InetSocketAddress listen = address(settings, "listen");
    InetSocketAddress to = address(settings, "to");
    settings.finish();
    Ports ports = context.ports();
    ports.listen(listen, (channel, early) -> {
      // Nobody gives connections of raw TCP back, so there is nothing that was read early.
      connect(ports, (DuplexChannel) channel, to);
    });
    // Nothing to close: the kernel takes the address back, and ends the connections that stay.
    return () -> {};
  }

  private static void connect(Ports ports, DuplexChannel caller, InetSocketAddress to) {
    ChannelFuture connected =
        new Bootstrap()
            .group(caller.eventLoop())
            .channel(ports.channelType())
            .disableResolver()
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5_000)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(to);
    connected.addListener(done -> {
      if (done.isSuccess()) {
        Relay relay = new Relay(caller, (DuplexChannel) connected.channel());
        ports.stay(caller, relay);
        relay.begin();
      } else {
        close(caller);
      }
    });
  }

  @SuppressWarnings("FutureReturnValueIgnored") // there is nobody to tell
  private static void close(Channel channel) {
    channel.close();
  }

  private static InetSocketAddress address(Fields settings, String field) {
    String text = settings.text(field);
    int colon = Math.max(0, text.lastIndexOf(':'));
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      return Names.ipAddress(text.substring(0, colon)).map(host -> new InetSocketAddress(host, port)).orElseThrow();
    } catch (RuntimeException e) {
      settings.error(field, "\"" + text + "\" should be an IP address and a port, like 127.0.0.1:9000");
      return InetSocketAddress.createUnresolved("", 0);
    }
  }
}
