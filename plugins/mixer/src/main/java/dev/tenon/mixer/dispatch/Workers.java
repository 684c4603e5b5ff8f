package dev.tenon.mixer.dispatch;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The virtual threads on which adapters that may block are called. None outlives {@link #close}. */
public final class Workers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final ScheduledExecutorService timers;
  private final Duration deadline;
  private final Set<Thread> running = new HashSet<>();
  private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);
  private boolean closing;

  /** Threads whose answers are waited for until a deadline. */
  public Workers(ScheduledExecutorService timers, Duration deadline) {
    this.timers = timers;
    this.deadline = deadline;
  }

  /** How long an answer is waited for. */
  Duration deadline() {
    return deadline;
  }

  /**
   * Runs a call.
   *
   * @param call asks the adapter
   * @param ended run when the call itself has come back, be it after the deadline
   * @param told the answer, once
   * @return false when nothing was or will be run, since this is closing
   */
  boolean run(
      String handler,
      @Nullable ClassLoader loader,
      Supplier<Answer> call,
      Runnable ended,
      Consumer<Answer> told) {
    Work work = new Work(call, ended, told);
    work.thread =
        Thread.ofVirtual()
            .name("mixer-" + handler)
            .inheritInheritableThreadLocals(false)
            .unstarted(work);
    work.thread.setContextClassLoader(loader);
    return begin(work, work.thread);
  }

  private synchronized boolean begin(Work work, Thread thread) {
    if (closing) {
      return false;
    }
    try {
      work.timer = timers.schedule(work::late, deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return false;
    }
    if (running.isEmpty()) {
      idle = new CompletableFuture<>();
    }
    running.add(thread);
    thread.start();
    return true;
  }

  private synchronized void left(Thread thread) {
    running.remove(thread);
    if (running.isEmpty()) {
      idle.complete(null);
    }
  }

  /** One call: its answer is told once, by whichever comes first, the adapter or the timer. */
  private final class Work implements Runnable {
    private final Supplier<Answer> call;
    private final Runnable ended;
    private final Consumer<Answer> told;
    private final AtomicBoolean settled = new AtomicBoolean();
    private @Nullable Thread thread;
    private @Nullable Future<?> timer;

    Work(Supplier<Answer> call, Runnable ended, Consumer<Answer> told) {
      this.call = call;
      this.ended = ended;
      this.told = told;
    }

    @Override
    public void run() {
      try {
        settle(call.get());
        if (timer != null) {
          timer.cancel(false);
        }
      } finally {
        ended.run();
        left(Thread.currentThread());
      }
    }

    void late() {
      settle(Answer.unavailable("no answer within " + deadline.toMillis() + " ms"));
      if (thread != null) {
        thread.interrupt();
      }
    }

    private void settle(Answer answer) {
      if (settled.compareAndSet(false, true)) {
        told.accept(answer);
      }
    }
  }

  /** Done when no call is under way. */
  public synchronized CompletionStage<Void> drained() {
    return idle.minimalCompletionStage();
  }

  /** Begins no further call, and waits for those under way; they have the deadline to end by. */
  @Override
  public void close() {
    List<Thread> left;
    synchronized (this) {
      closing = true;
      left = List.copyOf(running);
    }
    long end = System.nanoTime() + deadline.toNanos();
    left.forEach(thread -> join(thread, end));
    left.forEach(Thread::interrupt);
    for (Thread thread : left) {
      if (!join(thread, end + GRACE.toNanos())) {
        LOG.error("{} does not end: the adapter heeds no interrupt", thread.getName());
      }
    }
  }

  private static boolean join(Thread thread, long end) {
    try {
      return thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
