package dev.tenon.kernel.swap;

import dev.tenon.kernel.plan.Actual;
import dev.tenon.kernel.plan.Desired;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.plan.Plan;
import dev.tenon.kernel.plan.Step;
import dev.tenon.spi.config.BadConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All modules of the process. Told what is wanted, it makes it so: each module on a thread of its own
 * while there is something to do, different modules side by side.
 *
 * <p>Thread-safe. No module's code runs while this object's lock is held.
 */
public final class Modules implements AutoCloseable, Lane.Listener {
  private static final Logger log = LoggerFactory.getLogger(Modules.class);

  /**
   * Why a jar does not run.
   *
   * @param badConfig whether the settings are to blame
   */
  public record Failure(Given jar, String reason, boolean badConfig, long atMillis) {}

  private final Facilities kernel;
  private final Deadlines deadlines;
  private final Journal journal;
  private final ExecutorService threads;
  private final Guard guard;
  private final Map<String, Lane> lanes = new LinkedHashMap<>();
  private final Set<Lane> busy = new HashSet<>();
  private final Map<String, Failure> failures = new LinkedHashMap<>();
  private final Map<Path, Status> refused = new LinkedHashMap<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private Desired desired = new Desired(List.of(), Set.of(), List.of());
  private boolean stopping;

  public Modules(Facilities kernel, Deadlines deadlines, Journal journal) {
    this.kernel = kernel;
    this.deadlines = deadlines;
    this.journal = journal;
    this.threads = new ThreadPoolExecutor(0, 256, 5, TimeUnit.SECONDS, new SynchronousQueue<>(),
        Thread.ofPlatform().daemon().name("kernel-", 1).inheritInheritableThreadLocals(false).factory());
    this.guard = new Guard(threads);
  }

  /** What is wanted from now on. Returns at once. */
  public void desired(Desired next) {
    synchronized (this) {
      desired = next;
      Set<String> attempts = new HashSet<>();
      next.jars().forEach(each -> attempts.add(each.attempt()));
      failures.keySet().retainAll(attempts);
    }
    reconcile();
  }

  /** A file in the drop folder cannot be used at all; it is listed until it changes or goes. */
  public void refused(Path file, String name, String reason) {
    synchronized (this) {
      refused.put(file, new Status(name, "", "", "failed", 0, file.toString(), System.currentTimeMillis(), reason, ""));
    }
    journal.trouble(name, "refused", file + " " + reason);
  }

  /** A refused file changed or is gone. */
  public synchronized void forgive(Path file) {
    refused.remove(file);
  }

  /** What would be done now, for printing. */
  public synchronized List<Step> plan() {
    return Plan.plan(actual(), desired);
  }

  /** The kernel's copies that are wanted or running; others may be deleted. */
  public synchronized Set<Path> copies() {
    Set<Path> copies = new HashSet<>();
    Stream.concat(desired.jars().stream(), actual().running().values().stream()).forEach(each -> {
      copies.add(each.original());
      copies.add(each.copy());
    });
    return copies;
  }

  private Actual actual() {
    Map<String, Given> running = new HashMap<>();
    lanes.values().forEach(lane -> {
      Generation current = lane.current();
      if (current != null) {
        running.put(lane.place, current.jar);
      }
    });
    return new Actual(running, failures.keySet(), Set.of(), Map.of());
  }

  private void reconcile() {
    synchronized (this) {
      if (!stopping) {
        plan().forEach(this::begin);
      }
      checkReady();
      notifyAll();
    }
  }

  private void begin(Step step) {
    if (step instanceof Step.Refuse || step instanceof Step.Pass) {
      return;
    }
    Lane lane = lanes.computeIfAbsent(step.jar().place(), place -> new Lane(step.module(), place, kernel, guard, deadlines, journal, this));
    if (step instanceof Step.Keep || busy.add(lane)) {
      run(() -> {
        try {
          lane.perform(step);
        } finally {
          if (!(step instanceof Step.Keep)) {
            done(lane);
          }
        }
      });
    }
  }

  private void done(Lane lane) {
    synchronized (this) {
      busy.remove(lane);
    }
    reconcile();
  }

  /** Work that may be interrupted at the end of the process. */
  private interface Work {
    void run() throws InterruptedException;
  }

  private void run(Work work) {
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
  public void started(Lane lane, Generation generation) {
    generation.ready().whenComplete((ignored, failure) -> run(() -> {
      lane.firstReady(generation, failure);
      reconcile();
    }));
  }

  @Override
  public void failed(Given jar, Throwable failure, @Nullable Given goesOn) {
    String reason = Generation.reason(failure);
    if (log.isDebugEnabled()) {
      log.debug("{} {} failed", jar.module(), jar.build(), failure);
    }
    synchronized (this) {
      failures.put(jar.attempt(), new Failure(jar, reason, failure instanceof BadConfig, System.currentTimeMillis()));
    }
    journal.trouble(jar.module(), "failed", jar.file() + " (" + jar.build() + "): " + reason
        + (goesOn == null ? "" : "; " + goesOn.build() + " goes on"));
  }

  /** Done when all that the profile needs is active for the first time. */
  public CompletableFuture<Void> whenReady() {
    return ready.copy();
  }

  /** Whether all that the profile needs is active now. */
  public synchronized boolean ready() {
    return desired.needed().stream().allMatch(this::isActive);
  }

  private boolean isActive(String name) {
    return generations(name).anyMatch(Generation::active);
  }

  private Stream<Generation> generations(String name) {
    return lanes.values().stream().map(Lane::current).filter(Objects::nonNull).filter(each -> each.jar.module().equals(name));
  }

  private void checkReady() {
    if (!ready.isDone() && ready()) {
      run(() -> ready.complete(null));
    }
  }

  /**
   * Waits until everything needed has started or cannot be.
   *
   * @return why needed modules do not run; empty when all have started
   */
  public synchronized Map<String, List<Failure>> awaitStart() throws InterruptedException {
    while (desired.needed().stream().anyMatch(this::isStarting)) {
      wait(1000);
    }
    Map<String, List<Failure>> missing = new LinkedHashMap<>();
    for (String name : desired.needed()) {
      if (generations(name).findAny().isEmpty()) {
        missing.put(name, failures.values().stream().filter(each -> each.jar().module().equals(name)).toList());
      }
    }
    return missing;
  }

  private boolean isStarting(String name) {
    return busy.stream().anyMatch(each -> each.module.equals(name));
  }

  /** Every generation and every jar that does not run. */
  public synchronized List<Status> status() {
    List<Status> all = new ArrayList<>();
    lanes.values().forEach(lane -> all.addAll(lane.status()));
    failures.values().forEach(each -> all.add(new Status(each.jar().module(), each.jar().version(), each.jar().build(),
        "failed", 0, each.jar().file().toString(), each.atMillis(), each.reason(), each.jar().signed().by())));
    all.addAll(refused.values());
    return List.copyOf(all);
  }

  /** What happened lately, the latest first. */
  public List<Journal.Event> events() {
    return journal.events();
  }

  /** Open connections that older generations of a module still have. */
  public synchronized int oldConnections(String module) {
    Lane lane = lanes.get(module);
    return lane == null ? 0 : lane.oldConnections();
  }

  /** Drains and closes everything, the last started first. */
  @Override
  public void close() {
    List<Lane> order;
    synchronized (this) {
      stopping = true;
      order = new ArrayList<>(lanes.values()).reversed();
    }
    long end = System.nanoTime() + deadlines.drain().toNanos();
    order.forEach(lane -> lane.drainLast(Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()))));
    order.forEach(Lane::closeLast);
    threads.shutdownNow();
  }
}
