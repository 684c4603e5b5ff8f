package dev.tenon.agent.probe;

import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Connects to each port at the workload's address and hangs up, on loops that are lent. */
public final class ConnectPorts implements Ports {
  private static final int CONNECT_MILLIS = 1_000;

  private final EventLoopGroup loops;
  private final Class<? extends Channel> channelType;

  public ConnectPorts(EventLoopGroup loops, Class<? extends Channel> channelType) {
    this.loops = loops;
    this.channelType = channelType;
  }

  @Override
  public void look(Workload workload, Consumer<Boolean> answer) {
    if (workload.ports().isEmpty()) {
      answer.accept(true);
      return;
    }
    InetAddress address = Names.ipAddress(workload.address()).orElseThrow();
    AtomicInteger left = new AtomicInteger(workload.ports().size());
    AtomicBoolean all = new AtomicBoolean(true);
    for (WorkloadPort port : workload.ports()) {
      connect(new InetSocketAddress(address, port.listenPort()))
          .addListener(
              (ChannelFuture connected) -> {
                connected.channel().close();
                if (!connected.isSuccess()) {
                  all.set(false);
                }
                if (left.decrementAndGet() == 0) {
                  answer.accept(all.get());
                }
              });
    }
  }

  private ChannelFuture connect(InetSocketAddress address) {
    return new Bootstrap()
        .group(loops)
        .channel(channelType)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .handler(new ChannelInboundHandlerAdapter())
        .connect(address);
  }
}
