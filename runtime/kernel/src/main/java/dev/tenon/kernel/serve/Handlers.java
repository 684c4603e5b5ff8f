package dev.tenon.kernel.serve;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * On which threads calls are handled: on those of the front. A host's heart-beats are many and small, and whoever takes them never blocks:
 * they are taken on the connection's own loop, which spares two changes of thread for each. Only the beginning of such a call, which may
 * look at files, is handled like any other.
 */
final class Handlers implements ServerCallExecutorSupplier {
  private static final String HEART_BEATS = "dev.tenon.registration.v1.Registration/Hold";

  private final Executor threads;

  Handlers(Executor threads) {
    this.threads = threads;
  }

  @Override
  public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata metadata) {
    return HEART_BEATS.equals(call.getMethodDescriptor().getFullMethodName()) ? new AfterTheBeginning(threads) : null;
  }

  /** The first task goes to other threads, all later ones are run by whoever brings them; gRPC runs them one at a time. */
  private static final class AfterTheBeginning implements Executor {
    private final Executor threads;
    private volatile boolean begun;

    AfterTheBeginning(Executor threads) {
      this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
      if (begun) {
        task.run();
      } else {
        begun = true;
        threads.execute(task);
      }
    }
  }
}
