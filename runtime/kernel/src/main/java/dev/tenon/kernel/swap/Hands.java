package dev.tenon.kernel.swap;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that walk modules through their life. Calls that hang keep theirs; the rest goes on with what is left. */
final class Hands implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Hands.class);
  private static final int MOST = 256;
  private final ExecutorService threads = new ThreadPoolExecutor(0, MOST, 5, TimeUnit.SECONDS, new SynchronousQueue<>(),
      Thread.ofPlatform().daemon().name("kernel-", 1).inheritInheritableThreadLocals(false).factory());

  /** A thread for each call into a module: what the call leaves in thread-locals ends with it. */
  private final ExecutorService calls = new ThreadPoolExecutor(0, MOST, 0, TimeUnit.SECONDS, new SynchronousQueue<>(),
      Thread.ofPlatform().daemon().name("call-", 1).inheritInheritableThreadLocals(false).factory());

  private final Guard guard = new Guard(calls);

  /** Work that may be interrupted at the end of the process. */
  interface Work {
    void run() throws InterruptedException;
  }

  /** Calls into modules with a deadline. */
  Guard guard() {
    return guard;
  }

  void run(Work work) {
    try {
      threads.execute(() -> {
        try {
          work.run();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
          log.error("the kernel failed in a step", e);
        }
      });
    } catch (RejectedExecutionException e) {
      log.debug("the process ends; a step is left out");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    calls.shutdownNow();
  }
}
