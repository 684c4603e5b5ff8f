package dev.tenon.citadel.serve;

import dev.tenon.citadel.attest.Refusal;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a call once, with a message or with the reason why there is none. */
final class Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private Replies() {}

  /** Finds an answer. */
  interface Question<A> {
    A answer() throws IOException, Refusal;
  }

  static <A> void reply(StreamObserver<A> caller, Question<A> question) {
    A answer;
    try {
      answer = question.answer();
    } catch (Refusal e) {
      caller.onError(status(e.why()).withDescription(e.getMessage()).asRuntimeException());
      return;
    } catch (IOException | RuntimeException e) {
      LOG.error("a question could not be answered", e);
      String reason = e instanceof IOException ? "the control plane's disk: " + e.getMessage() : "the control plane failed; see its log";
      caller.onError(Status.UNAVAILABLE.withDescription(reason).asRuntimeException());
      return;
    }
    caller.onNext(answer);
    caller.onCompleted();
  }

  private static Status status(Refusal.Cause why) {
    return switch (why) {
      case INVALID -> Status.INVALID_ARGUMENT;
      case UNPROVEN -> Status.UNAUTHENTICATED;
      case NOT_ALLOWED -> Status.PERMISSION_DENIED;
      case TAKEN -> Status.ALREADY_EXISTS;
      case GONE -> Status.NOT_FOUND;
      case CLOCK -> Status.FAILED_PRECONDITION;
      case TOO_MANY -> Status.RESOURCE_EXHAUSTED;
    };
  }
}
