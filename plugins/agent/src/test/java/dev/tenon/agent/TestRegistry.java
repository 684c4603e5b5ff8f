package dev.tenon.agent;

import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Lease;
import dev.tenon.wire.registration.v1.RegistrationGrpc.RegistrationImplBase;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A control plane on loopback that grants everything, or refuses it, and remembers what it was told. */
final class TestRegistry extends RegistrationImplBase implements AutoCloseable {
  final List<Beat> registrations = new CopyOnWriteArrayList<>();
  final List<String> ends = new CopyOnWriteArrayList<>();
  volatile Status refusal = Status.OK;
  private final Server server;
  private final int port;

  TestRegistry(int port) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(this)
            .build()
            .start();
    this.port = server.getPort();
  }

  int port() {
    return port;
  }

  @Override
  public StreamObserver<Beat> hold(StreamObserver<Lease> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(Beat beat) {
        if (!refusal.isOk()) {
          answers.onError(refusal.asRuntimeException());
          return;
        }
        if (beat.hasWorkload()) {
          registrations.add(beat);
        }
        String id = beat.getLeaseId().isEmpty() ? "a-lease-that-was-given" : beat.getLeaseId();
        answers.onNext(
            Lease.newBuilder()
                .setLeaseId(id)
                .setTimeToLive(com.google.protobuf.Duration.newBuilder().setSeconds(10))
                .build());
      }

      @Override
      public void onError(Throwable broken) {
        ends.add("broken");
      }

      @Override
      public void onCompleted() {
        ends.add("left");
        answers.onCompleted();
      }
    };
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow().awaitTermination();
  }
}
