package dev.tenon.kernel.serve;

import dev.tenon.kernel.load.Refused;
import io.grpc.stub.StreamObserver;
import java.io.IOException;

/** Answers a call once, with a message or with the reason why there is none. */
final class Replies {
  private Replies() {}

  /** Finds an answer. */
  interface Question<A> {
    A answer() throws IOException, Refused, InterruptedException;
  }

  static <A> void reply(StreamObserver<A> caller, Question<A> question) {
    try {
      A answer = question.answer();
      caller.onNext(answer);
      caller.onCompleted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      caller.onError(Taking.status(e).asRuntimeException());
    } catch (IOException | Refused | RuntimeException e) {
      caller.onError(Taking.status(e).asRuntimeException());
    }
  }
}
