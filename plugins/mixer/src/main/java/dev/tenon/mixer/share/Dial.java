package dev.tenon.mixer.share;

import dev.tenon.spi.trust.HostCredential;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/**
 * Connections to the replicas of the policy service, one after the other; which is the first differs from proxy to proxy.
 * The only place that makes them.
 */
public final class Dial implements Supplier<ManagedChannel> {
  private static final int CONNECT_MILLIS = 2000;
  private static final int LARGEST_MESSAGE = 4 << 20;

  private final List<InetSocketAddress> addresses;
  private final EventLoopGroup loops;
  private final Class<? extends Channel> channelType;
  private final Optional<HostCredential> credential;
  private final AtomicInteger next = new AtomicInteger(new java.security.SecureRandom().nextInt(1 << 16));

  /**
   * Connections on lent loops.
   *
   * @param addresses resolved anew at each attempt
   * @param credential what to prove oneself with, read anew at each attempt; without it the connection is not encrypted
   */
  public Dial(
      List<InetSocketAddress> addresses,
      EventLoopGroup loops,
      Class<? extends Channel> channelType,
      Optional<HostCredential> credential) {
    this.addresses = List.copyOf(addresses);
    this.loops = loops;
    this.channelType = channelType;
    this.credential = credential;
  }

  /** @throws IllegalArgumentException when a file of the credential is missing or cannot be used */
  @Override
  public ManagedChannel get() {
    InetSocketAddress address = addresses.get(Math.floorMod(next.getAndIncrement(), addresses.size()));
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.getHostString(), address.getPort());
    if (credential.isPresent()) {
      builder.sslContext(tls(credential.get())).overrideAuthority(HostCredential.SERVER_NAME);
    } else {
      builder.usePlaintext();
    }
    return builder
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

  private static SslContext tls(HostCredential credential) {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
          .trustManager(credential.authority().toFile())
          .keyManager(credential.certificate().toFile(), credential.key().toFile())
          .build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("the host's credential cannot be used: " + e.getMessage(), e);
    }
  }
}
