package dev.tenon.kernel.swap;

import dev.tenon.kernel.load.Loaded;
import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.ports.Ended;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.lifecycle.Carry;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.Running;
import io.netty.util.internal.InternalThreadLocalMap;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
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
  private @Nullable Loaded loaded;
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
    this.lent = new Lent(kernel, jar, succeeds);
  }

  /** Loads and starts; on failure everything is closed again. */
  void start() throws Exception {
    try {
      Loaded own = kernel.bundles().load(jar);
      loaded = own;
      running = guard.call("its start", kernelLoader(), () -> {
        Module module = own.module();
        Thread.currentThread().setContextClassLoader(own.loader());
        return keepOrClose(module.start(lent));
      }, deadlines.start());
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /** A start that comes back after its deadline finds nobody waiting. */
  private synchronized Running keepOrClose(Running made) {
    if (over) {
      made.close();
    }
    return made;
  }

  private static ClassLoader kernelLoader() {
    return ClassLoader.getSystemClassLoader();
  }

  CompletionStage<Void> ready() {
    return running().ready();
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
   * Takes over from an older generation, or begins to count where there is none.
   *
   * @return nanoseconds in which doors and offers changed hands, the barrier left out
   */
  long switchOver(@Nullable Generation old) throws InterruptedException {
    long begin = System.nanoTime();
    lent.ports.switchOver();
    lent.offers.switchOver(old == null ? null : old.lent.offers);
    long took = System.nanoTime() - begin;
    if (!kernel.loops().onEach(() -> {}, BARRIER)) {
      log.warn("an event loop is busy for longer than {} s; the switch of {} goes on", BARRIER.toSeconds(), jar.module());
    }
    state("active");
    return took;
  }

  /** Lets this generation finish, with nobody to come after it; says whether it did in time. */
  boolean drain(Duration deadline) {
    return finish(deadline, own -> own.drain(deadline));
  }

  /** Lets this generation finish now that a newer one has taken over; says whether it did in time. */
  boolean handOver(Duration deadline) {
    return finish(deadline, own -> own.handOver(deadline));
  }

  private boolean finish(Duration deadline, Function<Running, CompletionStage<Void>> how) {
    state("draining");
    long end = System.nanoTime() + deadline.toNanos();
    lent.ports.ask();
    boolean clean = finishOwn(deadline, how);
    try {
      ended = lent.ports.end(end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return clean;
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

  /** Nothing is accepted for it any more. */
  void shut() {
    lent.ports.shut();
  }

  /** Nothing of it is offered any more. */
  void withdraw() {
    lent.offers.withdraw();
  }

  /** Closes, takes back what was lent, unloads and sweeps. */
  void close() {
    Running own = running;
    running = null;
    synchronized (this) {
      over = true;
    }
    if (own != null) {
      try {
        guard.call("its close", loader(), () -> {
          own.close();
          return true;
        }, deadlines.close());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        log.warn("{} {}: {}", jar.module(), jar.build(), reason(e));
      }
    }
    lent.close();
    unload();
  }

  private void unload() {
    Loaded own = loaded;
    loaded = null;
    if (own == null) {
      return;
    }
    ClassLoader loader = own.loader();
    own.close();
    try {
      if (loader != null) {
        kernel.loops().onEach(() -> sweep(loader), BARRIER);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Netty keeps matchers by handler class, and values of thread-locals, on each loop for ever. */
  private static void sweep(ClassLoader loader) {
    InternalThreadLocalMap map = InternalThreadLocalMap.getIfSet();
    if (map == null) {
      return;
    }
    map.typeParameterMatcherGetCache().keySet().removeIf(each -> loader.equals(each.getClassLoader()));
    Map<Class<?>, ?> found = map.typeParameterMatcherFindCache();
    found.keySet().removeIf(each -> loader.equals(each.getClassLoader()));
    for (int index = 0; index <= InternalThreadLocalMap.lastVariableIndex(); index++) {
      Object value = map.indexedVariable(index);
      if (value != null && loader.equals(value.getClass().getClassLoader())) {
        map.removeIndexedVariable(index);
      }
    }
  }

  /** Its class loader; null when it is not loaded. */
  @Nullable ClassLoader ownLoader() {
    return loaded == null ? null : loaded.loader();
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
    return new Status(jar.module(), jar.version(), jar.build(), state, number, jar.file().toString(), since, "",
        jar.signed().by());
  }

  /** What an operator is told of a failure. */
  static String reason(Throwable failure) {
    if (failure instanceof Refused || failure instanceof BadConfig || failure instanceof java.io.IOException) {
      return String.valueOf(failure.getMessage());
    }
    return failure.toString();
  }
}
