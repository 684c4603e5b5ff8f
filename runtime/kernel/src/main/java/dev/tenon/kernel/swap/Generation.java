package dev.tenon.kernel.swap;

import dev.tenon.kernel.guard.Account;
import dev.tenon.kernel.guard.Accounts;
import dev.tenon.kernel.guard.Meter;
import dev.tenon.kernel.load.Loaded;
import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.ports.Ended;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.lifecycle.Carry;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.Running;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One build of a module, from its loading to its unloading. Walked by one thread at a time. */
final class Generation {
  private static final Logger log = LoggerFactory.getLogger(Generation.class);
  private static final Duration BARRIER = Duration.ofSeconds(5);
  private static final Duration MEASURE = Duration.ofSeconds(1);
  private static final Duration LATENESS = Duration.ofSeconds(2);

  final Given jar;
  final int number;
  private final Facilities kernel;
  private final Guard guard;
  private final Deadlines deadlines;
  private final Lent lent;
  private final boolean succeeds;
  private volatile @Nullable Visit visit;
  private final Account account;
  private @Nullable Running running;
  private boolean over;
  private Ended ended = Ended.NONE;
  private volatile String state = "starting";
  private volatile long since = System.currentTimeMillis();

  /**
   * A build that is not loaded yet.
   *
   * @param succeeds whether an older one runs beside it, to be replaced by it
   */
  Generation(Given jar, int number, boolean succeeds, Facilities kernel, Guard guard, Deadlines deadlines) {
    this.jar = jar;
    this.number = number;
    this.kernel = kernel;
    this.guard = guard;
    this.deadlines = deadlines;
    this.succeeds = succeeds;
    this.lent = new Lent(kernel, jar, succeeds);
    this.account = accounts().open(jar.module(), jar.version());
  }

  /** Loads, verifies and starts; on failure everything is closed again. */
  void start() throws Exception {
    try {
      Visit own = new Visit(guard.call("its loading", kernelLoader(), () -> keepOrUnload(kernel.bundles().load(jar, account)), deadlines.load()),
          jar, kernel, account);
      visit = own;
      note("loaded", "");
      boolean _ = guard.call("its verification", kernelLoader(), this::verify, deadlines.load());
      note("verified", jar.signed().by());
      running = guard.call("its start", kernelLoader(), () -> own.inside(() -> {
        Module module = own.loaded.module();
        ClassLoader loader = own.loaded.loader();
        Thread.currentThread().setContextClassLoader(loader);
        if (loader != null) {
          accounts().loaded(account, loader);
        }
        return keepOrClose(module.start(lent));
      }), deadlines.start());
      note("started", "from " + jar.file());
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private boolean verify() throws IOException, Refused {
    kernel.store().verify(jar);
    return true;
  }

  /** A loading that comes back after its deadline finds nobody waiting. */
  private synchronized Loaded keepOrUnload(Loaded made) {
    if (over) {
      made.close();
    }
    return made;
  }

  /** So does a start. */
  private synchronized Running keepOrClose(Running made) {
    if (over) {
      made.close();
    }
    return made;
  }

  /** What happens to a first generation is told softly: nothing serves that it could disturb. */
  private void note(String event, String detail) {
    if (succeeds) {
      kernel.journal().note(jar, event, detail);
    } else {
      kernel.journal().whisper(jar, event, detail);
    }
  }

  private Accounts accounts() {
    return kernel.guarding().accounts();
  }

  private static ClassLoader kernelLoader() {
    return ClassLoader.getSystemClassLoader();
  }

  /** Done when it can take over. */
  CompletionStage<Void> ready() {
    try {
      Running own = running();
      return guard.call("its readiness", loader(), () -> Objects.requireNonNull(own.ready(), "Running.ready gave null"), deadlines.ready());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedStage(e);
    } catch (Exception e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** It is ready, and waits for the switch. */
  void isReady() {
    state("ready");
    note("ready", "");
  }

  /** Warms itself until it is as fast as the older generation; one line of what came of it, or nothing. */
  String warm(Generation old) throws Exception {
    Duration deadline = deadlines.warm();
    if (deadline.isZero()) {
      return "";
    }
    Running own = running();
    OptionalLong goal = old.cost();
    return guard.call("its warm-up", loader(), () -> own.warm(goal, deadline), deadline.plus(LATENESS));
  }

  private OptionalLong cost() throws InterruptedException {
    try {
      Running own = running();
      return guard.call("measuring its cost", loader(), () -> own.cost(MEASURE), MEASURE.plus(LATENESS));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      log.warn("{} {} does not say what a request costs: {}", jar.module(), jar.build(), reason(e));
      return OptionalLong.empty();
    }
  }

  /**
   * What a switch took, the barrier left out.
   *
   * @param nanos in which doors and offers changed hands
   * @param cpuNanos of this thread's CPU in that time: where it is much less, the machine ran something else meanwhile
   * @param toldNanos in which those who follow the offers were told, one after the other, and did what they had to
   */
  record Took(long nanos, long cpuNanos, long toldNanos) {
    @Override
    public String toString() {
      return nanos / 1_000 + " us, " + cpuNanos / 1_000 + " of CPU; told in " + toldNanos / 1_000;
    }
  }

  /** Takes over from an older generation, or begins to count where there is none. */
  Took switchOver(@Nullable Generation old) throws InterruptedException {
    // Nobody asks how long a first generation took; and the JDK's meters take time to load.
    long cpuBegin = old == null ? 0 : Meter.cpuHere();
    long begin = System.nanoTime();
    lent.ports.switchOver();
    Runnable telling = lent.offers.switchOver(old == null ? null : old.lent.offers);
    long nanos = System.nanoTime() - begin;
    long cpu = old == null ? nanos : Meter.cpuHere() - cpuBegin;
    if (lent.ports.listens()) {
      accounts().serves(account);
    }
    telling.run();
    Took took = new Took(nanos, cpu, System.nanoTime() - begin - nanos);
    if (!kernel.loops().onEach(() -> {}, BARRIER)) {
      log.warn("an event loop is busy for longer than {} s; the switch of {} goes on", BARRIER.toSeconds(), jar.module());
    }
    state("active");
    return took;
  }

  /** Lets this generation finish, with nobody to come after it. */
  void drain(Duration deadline) {
    finish(deadline, own -> own.drain(deadline));
  }

  /** Lets this generation finish now that a newer one has taken over. */
  void handOver(Duration deadline) {
    finish(deadline, own -> own.handOver(deadline));
  }

  private void finish(Duration deadline, Function<Running, CompletionStage<Void>> how) {
    state("draining");
    long end = System.nanoTime() + deadline.toNanos();
    lent.ports.ask();
    boolean clean = finishOwn(deadline, how);
    try {
      // The last connection may be on its way to the next generation still.
      kernel.loops().onEach(() -> {}, BARRIER);
      ended = lent.ports.end(end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kernel.journal().note(jar, "drained", clean ? "" : "not everything was done within " + deadline.toMillis() + " ms");
  }

  private boolean finishOwn(Duration deadline, Function<Running, CompletionStage<Void>> how) {
    try {
      Running own = running();
      CompletionStage<Void> done = guard.call("its drain", loader(), () -> how.apply(own), deadline);
      Guard.await("its drain", done, deadline.plusMillis(500));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      log.warn("{} {}: {}", jar.module(), jar.build(), reason(e));
      return false;
    }
  }

  /** What became of the connections that it still had at its drain deadline. */
  Ended ended() {
    return ended;
  }

  /** Accepted connections that it has now. */
  int connections() {
    return lent.ports.connections();
  }

  /** Whether it stops accepting by itself while it drains. */
  boolean endsListeningItself() {
    try {
      Running own = running();
      return guard.call("its answer whether it ends listening itself", loader(), own::endsListeningItself, deadlines.close());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      log.warn("{} {}: {}", jar.module(), jar.build(), reason(e));
      return false;
    }
  }

  /** Nothing is accepted for it any more. */
  void shut() {
    lent.ports.shut();
  }

  /** Nothing of it is offered any more. */
  void withdraw() {
    lent.offers.withdraw();
  }

  /**
   * Closes, takes back what was lent and what was left, and unloads; from then on its class loader should
   * go. What hangs is left behind: it costs its thread and its classes until it comes back.
   */
  void close() {
    Running own = running;
    running = null;
    synchronized (this) {
      over = true;
    }
    if (own != null) {
      String late = inTime("its close", own::close);
      kernel.journal().note(jar, "closed", late);
    }
    lent.close();
    accounts().close(account);
    Visit present = visit;
    visit = null;
    if (present == null) {
      return;
    }
    String late = present.empty() ? inTime("the stop of its activator", present::stop) : "";
    if (!present.end()) {
      account.condemn();
      kernel.journal().trouble(jar, "stuck", (late.isEmpty() ? "its start" : "the stop of its activator")
          + " does not come back; its thread and its classes stay until it does");
    }
  }

  /** Something of the module's at its end. */
  private interface Ending {
    void run() throws Exception;
  }

  /** Why that was not done in good order; empty when it was. */
  private String inTime(String what, Ending task) {
    try {
      boolean _ = guard.call(what, loader(), () -> {
        task.run();
        return true;
      }, deadlines.close());
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } catch (Exception e) {
      log.warn("{} {}: {}", jar.module(), jar.build(), reason(e));
      return reason(e);
    }
  }

  /** Its class loader; null when it is not loaded. */
  @Nullable ClassLoader ownLoader() {
    Visit present = visit;
    return present == null ? null : present.loaded.loader();
  }

  /** Its state to be handed on; null when it has none or does not run. */
  @Nullable Carry carry() {
    return running instanceof Carry carry ? carry : null;
  }

  ClassLoader loader() {
    ClassLoader own = ownLoader();
    return own == null ? ClassLoader.getSystemClassLoader() : own;
  }

  private Running running() {
    Running own = running;
    if (own == null) {
      throw new IllegalStateException(jar.module() + " is not running");
    }
    return own;
  }

  void state(String next) {
    state = next;
    since = System.currentTimeMillis();
  }

  boolean active() {
    return state.equals("active");
  }

  Status status() {
    return new Status(jar.module(), jar.version(), jar.build(), state, number, jar.file().toString(), since,
        Objects.requireNonNullElse(account.stopped(), ""), jar.signed().by(), account.usage());
  }

  /** What an operator is told of a failure. */
  static String reason(Throwable failure) {
    if (failure instanceof Refused || failure instanceof BadConfig || failure instanceof IOException) {
      return String.valueOf(failure.getMessage());
    }
    return failure.toString();
  }
}
