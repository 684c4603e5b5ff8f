package dev.tenon.registry.vm.accept;

import dev.tenon.wire.peer.Peers;
import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Lease;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One stream of beats. gRPC calls in on one thread at a time; answers come from whoever decides, so
 * they are serialised here. The desk is never called under this object's lock.
 */
final class HoldStream implements StreamObserver<Beat>, Holder {
  private final Desk desk;
  private final Groups groups;
  private final ServerCallStreamObserver<Lease> answers;
  private volatile String group = "";
  private boolean answered;
  private boolean ended;

  HoldStream(Desk desk, Groups groups, ServerCallStreamObserver<Lease> answers) {
    this.desk = desk;
    this.groups = groups;
    this.answers = answers;
    BooleanSupplier turnedOut = Peers.TURNED_OUT.get();
    answers.setOnCancelHandler(() -> {
      if (turnedOut.getAsBoolean()) {
        desk.leave(this);
      } else {
        desk.broke(this);
      }
    });
  }

  @Override
  public void onNext(Beat beat) {
    try {
      Claim claim = Owner.checked(Peers.URIS.get(), BeatReader.read(beat));
      claim.registrant().ifPresent(each -> group = each.groupKey());
      desk.beat(this, claim);
    } catch (BadBeat e) {
      end(new Ending(Ending.Cause.INVALID, String.valueOf(e.getMessage())));
      desk.broke(this);
    }
  }

  @Override
  public void onError(Throwable broken) {
    desk.broke(this);
  }

  @Override
  public void onCompleted() {
    desk.leave(this);
  }

  @Override
  public synchronized void granted(String leaseId, Duration timeToLive) {
    // A client that does not read its answers gets no more of them; its beats count all the same.
    if (!ended && (!answered || answers.isReady())) {
      answered = true;
      Lease.Builder answer = Lease.newBuilder().setLeaseId(leaseId).setTimeToLive(BeatWriter.duration(timeToLive));
      groups.probe(group).map(ProbeWriter::write).ifPresent(answer::setGroupProbe);
      answers.onNext(answer.build());
    }
  }

  @Override
  public synchronized void end(Ending ending) {
    if (ended) {
      return;
    }
    ended = true;
    if (answers.isCancelled()) {
      return;
    }
    if (ending.cause() == Ending.Cause.LEFT) {
      answers.onCompleted();
    } else {
      answers.onError(status(ending.cause()).withDescription(ending.message()).asRuntimeException());
    }
  }

  private static Status status(Ending.Cause cause) {
    return switch (cause) {
      case LEFT -> Status.OK;
      case INVALID -> Status.INVALID_ARGUMENT;
      case TAKEN -> Status.ALREADY_EXISTS;
      case FULL -> Status.RESOURCE_EXHAUSTED;
      case SUPERSEDED -> Status.ABORTED;
      case SILENT -> Status.DEADLINE_EXCEEDED;
      case DRAINING -> Status.UNAVAILABLE;
    };
  }
}
