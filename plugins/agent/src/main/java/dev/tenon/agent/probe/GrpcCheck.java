package dev.tenon.agent.probe;

import dev.tenon.spi.config.Names;
import dev.tenon.spi.workload.ReadinessProbe.Grpc;
import dev.tenon.wire.health.v1.HealthCheckRequest;
import dev.tenon.wire.health.v1.HealthCheckResponse;
import dev.tenon.wire.health.v1.HealthGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks a gRPC server by the gRPC Health Checking Protocol, without TLS, on a connection of its own. */
final class GrpcCheck implements Checker {
  private static final int MOST_BYTES = 4_096;

  private final EventLoopGroup loops;
  private final Class<? extends Channel> channelType;
  private final Grpc probe;
  private final Duration timeout;

  GrpcCheck(EventLoopGroup loops, Class<? extends Channel> channelType, Grpc probe, Duration timeout) {
    this.loops = loops;
    this.channelType = channelType;
    this.probe = probe;
    this.timeout = timeout;
  }

  @Override
  public Runnable check(Consumer<Verdict> answer) {
    Once once = new Once(answer);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new InetSocketAddress(Names.ipAddress(probe.host()).orElseThrow(), probe.port()))
            .usePlaintext()
            .eventLoopGroup(loops)
            .channelType(channelType)
            .directExecutor()
            .disableRetry()
            .maxInboundMessageSize(MOST_BYTES)
            .build();
    HealthGrpc.newStub(channel)
        .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .check(HealthCheckRequest.newBuilder().setService(probe.service()).build(), new Reply(channel, once));
    return () -> {
      once.mute();
      channel.shutdownNow();
    };
  }

  private String question() {
    return "grpc.health.v1.Health/Check" + (probe.service().isEmpty() ? "" : " of " + probe.service()) + " at "
        + SocketCheck.written(probe.host(), probe.port());
  }

  private final class Reply implements StreamObserver<HealthCheckResponse> {
    private final ManagedChannel channel;
    private final Once once;

    Reply(ManagedChannel channel, Once once) {
      this.channel = channel;
      this.once = once;
    }

    @Override
    public void onNext(HealthCheckResponse response) {
      boolean serving = response.getStatus() == HealthCheckResponse.ServingStatus.SERVING;
      once.accept(serving ? Verdict.GOOD : Verdict.bad(question() + " answered " + response.getStatus()));
    }

    @Override
    public void onError(Throwable broken) {
      Status status = Status.fromThrowable(broken);
      String why = status.getDescription() == null ? "" : ": " + status.getDescription();
      once.accept(Verdict.bad(question() + " failed: " + status.getCode() + why));
      channel.shutdownNow();
    }

    @Override
    public void onCompleted() {
      once.accept(Verdict.bad(question() + " was not answered"));
      channel.shutdownNow();
    }
  }
}
