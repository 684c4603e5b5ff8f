package dev.tenon.agent.join;

import dev.tenon.agent.read.ControlPlane;
import dev.tenon.spi.model.Condition;
import dev.tenon.spi.trust.HostCredential;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.wire.registration.v1.RegistrationGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * gRPC on loops that are lent. Each stream has a connection of its own, made anew: a broken one is
 * never waited for, and the reason that an attempt failed is that attempt's.
 */
public final class GrpcLine implements Line {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int MOST_BYTES = 64 * 1024;

  private final ControlPlane controlPlane;
  private final EventLoopGroup loops;
  private final Class<? extends Channel> channelType;
  private final Optional<HostCredential> credential;

  /**
   * A line to a control plane.
   *
   * @param credential shown at each attempt as it lies on the disk then; without it nothing is encrypted
   */
  public GrpcLine(
      ControlPlane controlPlane, EventLoopGroup loops, Class<? extends Channel> channelType, Optional<HostCredential> credential) {
    this.controlPlane = controlPlane;
    this.credential = credential;
    this.loops = loops;
    this.channelType = channelType;
  }

  @Override
  public String where() {
    return controlPlane.toString();
  }

  @Override
  public Stream open(Listener listener) {
    ManagedChannel channel;
    try {
      channel =
          builder()
              .eventLoopGroup(loops)
              .channelType(channelType)
              .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
              .directExecutor()
              .disableRetry()
              .maxInboundMessageSize(MOST_BYTES)
              .build();
    } catch (SSLException | IllegalArgumentException e) {
      listener.ended(new Outcome(Kind.LOST, "the host's credential cannot be used: " + e.getMessage()));
      return new Nowhere();
    }
    GrpcStream stream = new GrpcStream(channel, listener);
    RegistrationGrpc.newStub(channel).hold(stream);
    return stream;
  }

  private NettyChannelBuilder builder() throws SSLException {
    return credential.isEmpty() ? Tls.towards(controlPlane).usePlaintext() : Tls.proven(controlPlane, credential.get());
  }

  /** A stream that ended before it began. */
  private static final class Nowhere implements Stream {
    @Override
    public void register(Entrant entrant, String leaseId, Duration timeToLive, Condition condition) {}

    @Override
    public void beat() {}

    @Override
    public void leave() {}

    @Override
    public void tear() {}
  }
}
