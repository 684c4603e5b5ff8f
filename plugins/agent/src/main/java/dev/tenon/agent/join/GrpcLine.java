package dev.tenon.agent.join;

import dev.tenon.agent.read.ControlPlane;
import dev.tenon.spi.config.Names;
import dev.tenon.wire.registration.v1.RegistrationGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;

/**
 * gRPC on loops that are lent. Each stream has a connection of its own, made anew: a broken one is
 * never waited for, and the reason that an attempt failed is that attempt's.
 */
public final class GrpcLine implements Line {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int MOST_BYTES = 64 * 1024;
  private static final Executor LOOK_UP = task -> Thread.ofVirtual().name("agent-look-up").start(task);

  private final ControlPlane controlPlane;
  private final EventLoopGroup loops;
  private final Class<? extends Channel> channelType;

  public GrpcLine(ControlPlane controlPlane, EventLoopGroup loops, Class<? extends Channel> channelType) {
    this.controlPlane = controlPlane;
    this.loops = loops;
    this.channelType = channelType;
  }

  @Override
  public String where() {
    return controlPlane.toString();
  }

  @Override
  public Stream open(Listener listener) {
    ManagedChannel channel =
        builder()
            .usePlaintext()
            .eventLoopGroup(loops)
            .channelType(channelType)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .directExecutor()
            .disableRetry()
            .maxInboundMessageSize(MOST_BYTES)
            .build();
    GrpcStream stream = new GrpcStream(channel, listener);
    RegistrationGrpc.newStub(channel).hold(stream);
    return stream;
  }

  /** An address is called as it is; only a name needs somebody who may block to look it up. */
  private NettyChannelBuilder builder() {
    return Names.ipAddress(controlPlane.host())
        .map(address -> NettyChannelBuilder.forAddress(new InetSocketAddress(address, controlPlane.port())))
        .orElseGet(() -> NettyChannelBuilder.forTarget("dns:///" + controlPlane).offloadExecutor(LOOK_UP));
  }
}
