package dev.tenon.kernel.serve;

import dev.tenon.kernel.admit.Caller;
import dev.tenon.kernel.change.Changes;
import dev.tenon.kernel.change.Upload;
import dev.tenon.kernel.load.Refused;
import dev.tenon.wire.admin.v1.ChangeModuleResponse;
import dev.tenon.wire.admin.v1.InstallHead;
import dev.tenon.wire.admin.v1.InstallModuleRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one jar in, piece by piece, and answers when it is active. Called by one thread at a time. */
final class Taking implements StreamObserver<InstallModuleRequest> {
  private static final Logger log = LoggerFactory.getLogger(Taking.class);
  private final Changes changes;
  private final Changes.Condition condition;
  private final Caller caller;
  private final StreamObserver<ChangeModuleResponse> answer;
  private @Nullable Upload upload;
  private boolean swap;
  private boolean over;

  Taking(Changes changes, Changes.Condition condition, Caller caller, StreamObserver<ChangeModuleResponse> answer) {
    this.changes = changes;
    this.condition = condition;
    this.caller = caller;
    this.answer = answer;
  }

  @Override
  public void onNext(InstallModuleRequest request) {
    if (over) {
      return;
    }
    try {
      switch (request.getPartCase()) {
        case HEAD -> begin(request.getHead());
        case PIECE -> begun().write(request.getPiece().toByteArray());
        case PART_NOT_SET -> throw new Refused("an empty piece came");
      }
    } catch (IOException | Refused | RuntimeException e) {
      fail(e);
    }
  }

  private void begin(InstallHead head) throws IOException, Refused {
    if (upload != null) {
      throw new Refused("a second jar began before the first was over");
    }
    swap = head.getSwap();
    upload = changes.upload(head.getFileName(), head.getSize());
  }

  private Upload begun() throws Refused {
    if (upload == null) {
      throw new Refused("pieces of a jar came without its head");
    }
    return upload;
  }

  @Override
  public void onError(Throwable failure) {
    over = true;
    log.info("{} broke off sending a jar: {}", caller.name(), failure.toString());
    discard();
  }

  @Override
  public void onCompleted() {
    if (over) {
      return;
    }
    over = true;
    try {
      ChangeModuleResponse done = Answers.of(changes.install(begun(), swap, condition, caller.name()));
      discard();
      answer.onNext(done);
      answer.onCompleted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    } catch (IOException | Refused | RuntimeException e) {
      fail(e);
    }
  }

  private void fail(Exception failure) {
    over = true;
    discard();
    answer.onError(status(failure).asRuntimeException());
  }

  private void discard() {
    try {
      if (upload != null) {
        upload.close();
      }
    } catch (IOException e) {
      log.warn("what was left of a jar could not be deleted: {}", e.toString());
    }
  }

  /** What a caller is told of a failure: one line. */
  static Status status(Exception failure) {
    return switch (failure) {
      case Refused refused -> Status.FAILED_PRECONDITION.withDescription(refused.getMessage());
      case IOException io -> Status.FAILED_PRECONDITION.withDescription("the drop folder or the run directory cannot be used: " + io);
      case InterruptedException ignored -> Status.ABORTED.withDescription("the process ends");
      default -> {
        log.error("a change failed in the kernel", failure);
        yield Status.INTERNAL.withDescription("the kernel failed; its log says more: " + failure);
      }
    };
  }
}
