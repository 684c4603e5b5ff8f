package dev.tenon.kernel.swap;

import dev.tenon.kernel.load.Refused;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls into a module with a deadline; a call that outlives it is interrupted and left behind. */
final class Guard {
  private final ExecutorService threads;

  Guard(ExecutorService threads) {
    this.threads = threads;
  }

  /** Runs on a thread of its own, with the module's class loader as the thread's. */
  <T> T call(String what, ClassLoader loader, Callable<T> task, Duration deadline) throws Exception {
    Future<T> result = begin(what, () -> {
      Thread thread = Thread.currentThread();
      ClassLoader own = thread.getContextClassLoader();
      thread.setContextClassLoader(loader);
      try {
        return task.call();
      } finally {
        thread.setContextClassLoader(own);
      }
    });
    try {
      return result.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      result.cancel(true);
      throw new Refused(what + " was not done in " + text(deadline), e);
    } catch (ExecutionException e) {
      throw unwrap(e);
    } catch (InterruptedException e) {
      result.cancel(true);
      throw e;
    }
  }

  private <T> Future<T> begin(String what, Callable<T> task) throws Refused {
    try {
      return threads.submit(task);
    } catch (RejectedExecutionException e) {
      throw new Refused(what + " cannot begin: the process ends, or too many modules hang in the kernel's threads", e);
    }
  }

  /** Waits for a stage. */
  static void await(String what, CompletionStage<Void> stage, Duration deadline) throws Exception {
    CompletableFuture<Void> own = new CompletableFuture<>();
    stage.whenComplete((ignored, failure) -> {
      if (failure == null) {
        own.complete(null);
      } else {
        own.completeExceptionally(failure);
      }
    });
    try {
      own.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new Refused(what + " was not done in " + text(deadline), e);
    } catch (ExecutionException e) {
      throw unwrap(e);
    }
  }

  private static Exception unwrap(ExecutionException e) {
    Throwable cause = e.getCause() instanceof java.util.concurrent.CompletionException inner && inner.getCause() != null
        ? inner.getCause() : e.getCause();
    return cause instanceof Exception exception ? exception : new Refused("failed: " + cause, cause == null ? e : cause);
  }

  private static String text(Duration deadline) {
    return deadline.toMillis() % 1000 == 0 ? deadline.toSeconds() + " s" : deadline.toMillis() + " ms";
  }
}
