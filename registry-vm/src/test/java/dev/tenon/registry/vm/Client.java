package dev.tenon.registry.vm;

import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Lease;
import dev.tenon.wire.registration.v1.RegistrationGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One stream of beats, from the workload's side. */
final class Client implements ClientResponseObserver<Beat, Lease> {
  final CompletableFuture<Lease> first = new CompletableFuture<>();
  final CompletableFuture<Status> end = new CompletableFuture<>();
  final AtomicInteger answers = new AtomicInteger();
  private @Nullable ClientCallStreamObserver<Beat> beats;

  static Client open(Channel channel, Beat beat) {
    Client client = new Client();
    RegistrationGrpc.newStub(channel).hold(client);
    client.beat(beat);
    return client;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Beat> beats) {
    this.beats = beats;
  }

  private ClientCallStreamObserver<Beat> beats() {
    return java.util.Objects.requireNonNull(beats);
  }

  void beat(Beat beat) {
    beats().onNext(beat);
  }

  void leave() {
    beats().onCompleted();
  }

  void tear() {
    beats().cancel("torn by the test", null);
  }

  String leaseId() {
    return first.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join().getLeaseId();
  }

  Status end() {
    return end.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
  }

  @Override
  public void onNext(Lease lease) {
    answers.incrementAndGet();
    first.complete(lease);
  }

  @Override
  public void onError(Throwable broken) {
    first.completeExceptionally(broken);
    end.complete(Status.fromThrowable(broken));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }
}
