package dev.tenon.pilot.support;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One stream as its client sees it: answers in a queue, and how it ended. */
class Stream<Q, R> implements ClientResponseObserver<Q, R> {
  private final BlockingQueue<R> answers = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> ended = new CompletableFuture<>();
  private final CompletableFuture<ClientCallStreamObserver<Q>> requests = new CompletableFuture<>();
  private final boolean reads;

  /** @param reads whether answers are taken off the wire at all */
  Stream(boolean reads) {
    this.reads = reads;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> stream) {
    if (!reads) {
      stream.disableAutoRequestWithInitial(0);
    }
    requests.complete(stream);
  }

  void ask(Q request) {
    requests.join().onNext(request);
  }

  @Override
  public void onNext(R answer) {
    answers.add(answer);
  }

  @Override
  public void onError(Throwable cause) {
    ended.complete(Status.fromThrowable(cause));
  }

  @Override
  public void onCompleted() {
    ended.complete(Status.OK);
  }

  R take() throws InterruptedException {
    R answer = answers.poll(60, TimeUnit.SECONDS);
    if (answer == null) {
      throw new AssertionError("no answer within 30 s" + (ended.isDone() ? "; ended with " + ended.join() : ""));
    }
    return answer;
  }

  /** How many answers have come and not been taken. */
  public int waiting() {
    return answers.size();
  }

  /** How the server ended it. */
  public Status end() throws Exception {
    return ended.get(60, TimeUnit.SECONDS);
  }

  public void cancel() {
    requests.join().cancel("the test is over with it", null);
  }
}
