package dev.tenon.adapter.remote;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;

/** Makes connections to adapters, on lent loops. The only place that does. */
final class Dial {
  private static final int CONNECT_MILLIS = 1_000;
  private static final int LARGEST_ANSWER = 1 << 20;

  private final EventLoopGroup loops;
  private final Class<? extends Channel> channelType;

  Dial(EventLoopGroup loops, Class<? extends Channel> channelType) {
    this.loops = loops;
    this.channelType = channelType;
  }

  /** A connection that is made when it is first needed, and anew whenever it is lost. */
  ManagedChannel to(Place place) {
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
        .eventLoopGroup(loops)
        .channelType(channelType)
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
}
