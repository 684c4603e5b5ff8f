package dev.tenon.agent.join;

import dev.tenon.spi.model.Condition;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Lease;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One stream of beats and its connection, which ends with it. */
final class GrpcStream implements Line.Stream, ClientResponseObserver<Beat, Lease> {
  private final ManagedChannel channel;
  private final Line.Listener listener;
  private @Nullable ClientCallStreamObserver<Beat> beats;
  private boolean half;
  private boolean over;

  GrpcStream(ManagedChannel channel, Line.Listener listener) {
    this.channel = channel;
    this.listener = listener;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Beat> stream) {
    beats = stream;
  }

  @Override
  public void register(Entrant entrant, String leaseId, Duration timeToLive, Condition condition) {
    send(Beats.registering(entrant, leaseId, timeToLive, condition));
  }

  @Override
  public void beat() {
    send(Beat.getDefaultInstance());
  }

  private synchronized void send(Beat beat) {
    if (!half && !over) {
      Objects.requireNonNull(beats).onNext(beat);
    }
  }

  @Override
  public synchronized void leave() {
    if (!half && !over) {
      half = true;
      Objects.requireNonNull(beats).onCompleted();
    }
  }

  @Override
  public void tear() {
    if (end()) {
      Objects.requireNonNull(beats).cancel("the agent leaves its lease to whoever comes back to it", null);
    }
    channel.shutdownNow();
  }

  /** Whether it was not over before. */
  private synchronized boolean end() {
    boolean was = over;
    over = true;
    return !was;
  }

  @Override
  public void onNext(Lease lease) {
    listener.granted(
        lease.getLeaseId(),
        Duration.ofSeconds(lease.getTimeToLive().getSeconds(), lease.getTimeToLive().getNanos()),
        lease.hasGroupProbe() ? Probes.read(lease.getGroupProbe()) : Optional.empty());
  }

  @Override
  public void onError(Throwable broken) {
    ended(outcome(Status.fromThrowable(broken)));
  }

  @Override
  public void onCompleted() {
    ended(new Line.Outcome(Line.Kind.LEFT, "the control plane ended the lease"));
  }

  private void ended(Line.Outcome outcome) {
    if (end()) {
      channel.shutdownNow();
      listener.ended(outcome);
    }
  }

  private static Line.Outcome outcome(Status status) {
    String description = status.getDescription() == null ? "" : ": " + status.getDescription();
    Throwable cause = status.getCause();
    String because = cause == null ? "" : " (" + cause.getMessage() + ")";
    return switch (status.getCode()) {
      case INVALID_ARGUMENT, ALREADY_EXISTS, RESOURCE_EXHAUSTED, ABORTED ->
          new Line.Outcome(Line.Kind.REFUSED, status.getCode() + description);
      case UNIMPLEMENTED ->
          new Line.Outcome(Line.Kind.LOST, "it has no registry of machines (yet): its profile needs the module registry-vm");
      default -> new Line.Outcome(Line.Kind.LOST, status.getCode() + description + because);
    };
  }
}
