package dev.tenon.kernel.guard;

import dev.tenon.kernel.checkpoint.Checkpoint;
import dev.tenon.spi.guard.Guard.Call;
import dev.tenon.spi.guard.Trouble;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that may block. Its answer is told once, by whichever comes first, the plug or the deadline.
 * One that outlives its deadline is interrupted; one that heeds no interrupt ends at a checkpoint.
 */
final class LaterCall<P, A, R> implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(LaterCall.class);
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final StandingGuard guard;
  private final LentGuards lent;
  private final Call<P, A, R> call;
  private final P plug;
  private final A argument;
  private final Function<Trouble, R> instead;
  private final Runnable ended;
  private final Consumer<? super R> answers;
  private final AtomicBoolean settled = new AtomicBoolean();
  private @Nullable Thread thread;
  private @Nullable Future<?> timer;
  private boolean over;
  private boolean condemned;

  LaterCall(StandingGuard guard, LentGuards lent, Call<P, A, R> call, P plug, A argument, Function<Trouble, R> instead,
      Runnable ended, Consumer<? super R> answers) {
    this.guard = guard;
    this.lent = lent;
    this.call = call;
    this.plug = plug;
    this.argument = argument;
    this.instead = instead;
    this.ended = ended;
    this.answers = answers;
  }

  /** Runs on a thread of the crew; false when nothing was or will be run. */
  boolean begin(Crew crew) {
    if (!lent.begin(this)) {
      return false;
    }
    at(this::late, guard.limits().deadline());
    if (crew.run(this)) {
      return true;
    }
    over();
    lent.end(this);
    return false;
  }

  @Override
  public void run() {
    Thread own = Thread.currentThread();
    own.setContextClassLoader(plug.getClass().getClassLoader());
    try {
      Object answer = begun(own) ? guard.ask(call, plug, argument) : Trouble.LATE;
      if (settled.compareAndSet(false, true)) {
        tell(answer);
      }
    } finally {
      over();
      own.setContextClassLoader(ClassLoader.getSystemClassLoader());
      guard.left();
      ended.run();
      lent.end(this);
    }
  }

  @SuppressWarnings("unchecked") // no plug answers with a Trouble
  private void tell(Object answer) {
    if (answer instanceof Trouble trouble) {
      guard.failed(trouble);
      answers.accept(instead.apply(trouble));
    } else {
      guard.succeeded();
      answers.accept((R) answer);
    }
  }

  private synchronized boolean begun(Thread own) {
    thread = own;
    return !settled.get();
  }

  /** The thread is this call's no longer. */
  private synchronized void over() {
    over = true;
    if (timer != null) {
      timer.cancel(false);
    }
    if (condemned) {
      Checkpoint.pardon(guard.account().number(), Thread.currentThread());
    }
    if (thread != null) {
      Thread.interrupted();
    }
  }

  /** Its deadline has come, or its caller ends. */
  void late() {
    if (settled.compareAndSet(false, true)) {
      guard.failed(Trouble.LATE);
      answers.accept(instead.apply(Trouble.LATE));
    }
    synchronized (this) {
      if (!over && thread != null) {
        thread.interrupt();
        at(this::stubborn, GRACE);
      }
    }
  }

  private synchronized void stubborn() {
    if (!over && thread != null && !condemned) {
      condemned = true;
      log.error("{} heeds no interrupt; it ends at its next checkpoint, if it has one:{}", guard, Watchdog.stack(thread));
      Checkpoint.condemn(guard.account().number(), thread);
      thread.interrupt();
    }
  }

  private synchronized void at(Runnable task, Duration delay) {
    if (!over) {
      timer = lent.timer(task, delay);
    }
  }
}
