package dev.tenon.kernel.guard;

import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.guard.Trouble;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The guard round one plug. A call on an event loop costs two opaque stores and a counter; one in some is a sample. */
final class StandingGuard implements Guard {
  private static final Logger log = LoggerFactory.getLogger(StandingGuard.class);
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(1);

  private final String name;
  private final Account account;
  private final Limits limits;
  private final Health health;
  private final Semaphore places;
  private final LentGuards lent;

  /** When a failure was last logged, and how many were not since. */
  private final AtomicLong told = new AtomicLong(System.nanoTime() - SILENCE);
  private final AtomicLong untold = new AtomicLong();

  StandingGuard(String name, Account account, Limits limits, LentGuards lent) {
    this.name = name;
    this.account = account;
    this.limits = limits;
    this.health = new Health(limits, System::nanoTime);
    this.places = new Semaphore(limits.concurrency());
    this.lent = lent;
  }

  @Override
  public boolean quarantined() {
    return health.quarantined() || account.stopped() != null;
  }

  @Override
  public <P, A, R> R call(Call<P, A, R> call, P plug, A argument, Function<Trouble, R> instead) {
    if (account.stopped() != null || !health.admits()) {
      return instead.apply(Trouble.LEFT_ALONE);
    }
    account.requests.increment();
    Object answer = ask(call, plug, argument);
    if (answer instanceof Trouble trouble) {
      failed(trouble);
      return instead.apply(trouble);
    }
    succeeded();
    @SuppressWarnings("unchecked") // no plug answers with a Trouble
    R own = (R) answer;
    return own;
  }

  /** What the plug answers, or a {@link Trouble}. Marks this thread meanwhile if it can be marked. */
  <P, A, R> Object ask(Call<P, A, R> call, P plug, A argument) {
    MarkedThread thread = Thread.currentThread() instanceof MarkedThread marked ? marked : null;
    Account outer = thread == null ? null : thread.enter(account);
    boolean sampled = thread != null && thread.sampled();
    long begin = sampled ? System.nanoTime() : 0;
    long allocated = sampled ? Meter.allocatedHere() : 0;
    Object answer = null;
    Throwable thrown = null;
    try {
      answer = call.ask(plug, argument);
    } catch (Throwable t) {
      // A plug may throw anything: its stack may overflow, its classes may fail to link.
      thrown = t;
    }
    if (sampled && thread != null) {
      thread.sample(account, System.nanoTime() - begin, Meter.allocatedHere() - allocated);
    }
    if (thread != null && thread.leave(outer)) {
      return Trouble.ENDED;
    }
    if (answer != null) {
      return answer;
    }
    tell(thrown);
    return thrown == null ? Trouble.NO_ANSWER : Trouble.FAILED;
  }

  @Override
  public <P, A, R> void callLater(
      Call<P, A, R> call, P plug, A argument, Function<Trouble, R> instead, Runnable ended, Consumer<? super R> answers) {
    Trouble trouble = refuses();
    if (trouble == null) {
      account.requests.increment();
      if (new LaterCall<>(this, lent, call, plug, argument, instead, ended, answers).begin(account.crew())) {
        return;
      }
      left();
      trouble = Trouble.BUSY;
    }
    ended.run();
    answers.accept(instead.apply(trouble));
  }

  private @Nullable Trouble refuses() {
    if (account.stopped() != null) {
      return Trouble.LEFT_ALONE;
    }
    if (!places.tryAcquire()) {
      return Trouble.BUSY;
    }
    if (!health.admits()) {
      places.release();
      return Trouble.LEFT_ALONE;
    }
    return null;
  }

  /** A call that had a place has come back. */
  void left() {
    places.release();
  }

  void succeeded() {
    if (health.succeeded()) {
      log.info("{} is well again", name);
    }
  }

  void failed(Trouble trouble) {
    (trouble == Trouble.FAILED || trouble == Trouble.NO_ANSWER ? account.errors : account.timeouts).increment();
    boolean already = health.quarantined();
    if (health.failed() && !already) {
      log.warn("{} keeps failing and is left alone for {} s", name, limits.quarantine().toMillis() / 1000.0);
    }
  }

  /** Logs a failure; at most one a second. */
  private void tell(@Nullable Throwable thrown) {
    long last = told.get();
    long now = System.nanoTime();
    if (now - last < SILENCE || !told.compareAndSet(last, now)) {
      untold.incrementAndGet();
      return;
    }
    long more = untold.getAndSet(0);
    String before = more == 0 ? "" : " (and " + more + " times since it was last told)";
    if (thrown == null) {
      log.warn("{} gave no answer{}", name, before);
    } else {
      log.warn("{} failed{}", name, before, thrown);
    }
  }

  Limits limits() {
    return limits;
  }

  Account account() {
    return account;
  }

  @Override
  public String toString() {
    return name;
  }
}
