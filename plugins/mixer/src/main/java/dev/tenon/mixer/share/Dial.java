package dev.tenon.mixer.share;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Connections to the replicas of the policy service, one after the other. The only place that makes them. */
public final class Dial implements Supplier<ManagedChannel> {
  private static final int CONNECT_MILLIS = 2000;
  private static final int LARGEST_MESSAGE = 4 << 20;

  private final List<InetSocketAddress> addresses;
  private final EventLoopGroup loops;
  private final Class<? extends Channel> channelType;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * Connections on lent loops.
   *
   * @param addresses resolved anew at each attempt
   */
  public Dial(List<InetSocketAddress> addresses, EventLoopGroup loops, Class<? extends Channel> channelType) {
    this.addresses = List.copyOf(addresses);
    this.loops = loops;
    this.channelType = channelType;
  }

  @Override
  public ManagedChannel get() {
    InetSocketAddress address = addresses.get(Math.floorMod(next.getAndIncrement(), addresses.size()));
    return NettyChannelBuilder.forAddress(address.getHostString(), address.getPort())
        .usePlaintext()
        .eventLoopGroup(loops)
        .channelType(channelType)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .directExecutor()
        .offloadExecutor(task -> Thread.ofVirtual().name("tenon-policy-resolve").start(task))
        .proxyDetector(target -> null)
        .disableServiceConfigLookUp()
        .disableRetry()
        .maxInboundMessageSize(LARGEST_MESSAGE)
        .keepAliveTime(20, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .build();
  }
}
