package dev.tenon.kernel.swap;

import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.load.Untrusted;
import dev.tenon.kernel.plan.Actual;
import dev.tenon.kernel.plan.Desired;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.plan.Plan;
import dev.tenon.kernel.plan.Step;
import dev.tenon.kernel.prove.Proof;
import dev.tenon.spi.config.BadConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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

  /** Each takes two threads; what is beyond waits for its turn. */
  private static final int MOST_AT_ONCE = 32;

  private static final long POLL_MILLIS = 200;

  /**
   * Why a jar does not run.
   *
   * @param badConfig whether the settings are to blame
   */
  public record Failure(Given jar, String reason, boolean badConfig, long atMillis) {}

  private final Facilities kernel;
  private final Deadlines deadlines;
  private final Hands hands = new Hands();
  private final Lanes lanes = new Lanes();
  private final Set<Lane> busy = new HashSet<>();
  private final Troubles troubles = new Troubles();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private Map<String, Given> good = Map.of();
  private Set<String> revoked = Set.of();
  private Desired desired;
  private final List<Awaited> awaited = new ArrayList<>();
  private boolean stopping;

  /**
   * No modules yet.
   *
   * @param needed those that the profile names: not before they are active is anything ready
   */
  public Modules(Facilities kernel, Deadlines deadlines, List<String> needed) {
    this.kernel = kernel;
    this.deadlines = deadlines;
    this.desired = new Desired(needed, Set.of(), List.of());
  }

  /** What served last in places where nothing of that content is wanted any more. Told before {@link #desired}. */
  public synchronized void good(Map<String, Given> builds) {
    good = Map.copyOf(builds);
  }

  /** Those who are trusted changed: what runs is judged once more. Told before {@link #desired}. */
  public synchronized void judge() {
    Set<String> none = new HashSet<>();
    Stream.concat(actual().running().values().stream(), good.values().stream()).distinct().forEach(jar -> {
      try {
        kernel.store().again(jar);
      } catch (Untrusted e) {
        none.add(jar.signed().digest());
      }
    });
    revoked = none;
  }

  /** What is wanted from now on. Returns at once. */
  public void desired(Desired next) {
    synchronized (this) {
      desired = next;
      Set<String> attempts = new HashSet<>();
      next.jars().forEach(each -> attempts.add(each.attempt()));
      troubles.retain(attempts);
      kernel.ledger().retain(attempts);
      held().stream().filter(each -> troubles.tell(each, Troubles.HELD)).forEach(each -> kernel.journal().trouble(each, "held", Troubles.HELD));
    }
    reconcile();
  }

  /** Wanted jars that an earlier process died of, and that do not run. */
  private List<Given> held() {
    Set<String> held = kernel.ledger().held();
    Map<String, Given> running = lanes.running();
    return desired.jars().stream().filter(each -> held.contains(each.attempt()) && !each.equals(running.get(each.place()))).toList();
  }

  /** A file in the drop folder cannot be used at all; it is listed until it changes or goes. */
  public void refused(Path file, String name, String reason) {
    synchronized (this) {
      troubles.refused(file, name, reason);
    }
    kernel.journal().trouble(name, "refused", file + " " + reason);
  }

  /** A refused file changed or is gone. */
  public synchronized void forgive(Path file) {
    troubles.forgive(file);
  }

  /** What would be done now, for printing. */
  public synchronized List<Step> plan() {
    return Plan.plan(actual(), desired);
  }

  /** What would be done if these jars lay in the drop folder instead. */
  public synchronized List<Step> plan(List<Given> overlays, Set<String> disabled) {
    List<Given> jars = new ArrayList<>(desired.jars().stream().filter(each -> !each.overlay()).toList());
    jars.addAll(overlays);
    return Plan.plan(actual(), new Desired(desired.needed(), disabled, jars));
  }

  /** The kernel's copies that are wanted or running; others may be deleted. */
  public synchronized Set<Path> copies() {
    Set<Path> copies = new HashSet<>();
    Stream.of(desired.jars(), lanes.running().values(), good.values()).flatMap(Collection::stream).forEach(each -> {
      copies.add(each.original());
      copies.add(each.copy());
    });
    return copies;
  }

  private Actual actual() {
    return new Actual(lanes.running(), troubles.attempts(), kernel.ledger().held(), revoked, good);
  }

  /** What is wanted now. */
  public synchronized Desired desired() {
    return desired;
  }

  /** By place, the jar of what runs there. */
  public synchronized Map<String, Given> running() {
    return lanes.running();
  }

  /**
   * Waits for what becomes of a jar that was written to the drop folder.
   *
   * @param sinceMillis when that began: older troubles of the file do not count
   * @return why it does not run; empty when it is active
   */
  public synchronized Optional<String> await(Given jar, long sinceMillis, Duration deadline) throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    while (System.nanoTime() < end) {
      if (lanes.of(jar.module()).anyMatch(each -> each.active() && each.jar.hash().equals(jar.hash()))) {
        return Optional.empty();
      }
      Optional<String> trouble = troubles.reason(jar.file(), jar.hash(), sinceMillis);
      if (trouble.isPresent()) {
        return trouble;
      }
      wait(POLL_MILLIS);
    }
    return Optional.of("it is not active after " + deadline.toSeconds() + " s");
  }

  /**
   * Waits until nothing of a module runs.
   *
   * @return whether that came about
   */
  public synchronized boolean awaitGone(String module, Duration deadline) throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    while (lanes.of(module).findAny().isPresent() && System.nanoTime() < end) {
      wait(POLL_MILLIS);
    }
    return lanes.of(module).findAny().isEmpty();
  }

  private void reconcile() {
    synchronized (this) {
      if (!stopping) {
        plan().forEach(this::begin);
      }
      checkReady();
      checkSettled();
      notifyAll();
    }
  }

  /** Some jars, and what is done when each of them serves, has failed, or is not to run. */
  private record Awaited(List<Given> jars, CompletableFuture<Void> settled) {}

  /** Done when each of these jars serves, has failed, or is not to run after all. */
  public CompletableFuture<Void> settled(List<Given> jars) {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    synchronized (this) {
      awaited.add(new Awaited(jars, settled));
      checkSettled();
    }
    return settled;
  }

  private void checkSettled() {
    Set<String> failed = troubles.attempts();
    awaited.removeIf(each -> {
      boolean settled = each.jars().stream().noneMatch(jar -> desired.jars().contains(jar)
          && !desired.disabled().contains(jar.module()) && !failed.contains(jar.attempt())
          && lanes.of(jar.module()).noneMatch(Generation::active));
      if (settled) {
        hands.run(() -> each.settled().complete(null));
      }
      return settled;
    });
  }

  private void begin(Step step) {
    switch (step) {
      case Step.Refuse(Given jar, String reason) -> {
        if (troubles.tell(jar, step.toString())) {
          kernel.journal().trouble(jar, "refused", reason);
        }
      }
      case Step.Pass(Given jar, String reason) -> {
        if (troubles.tell(jar, step.toString())) {
          kernel.journal().note(jar, "passed", jar.file() + ": " + reason);
        }
      }
      case Step.Keep(Given jar, String reason) -> {
        if (troubles.tell(jar, step.toString())) {
          kernel.journal().note(jar, "kept", reason);
        }
      }
      case Step.Install install -> act(install);
      case Step.Replace replace -> act(replace);
      case Step.Remove remove -> act(remove);
    }
  }

  private void act(Step step) {
    if (busy.size() >= MOST_AT_ONCE || !isDue(step)) {
      return;
    }
    Lane lane = lanes.at(step.jar().place(), place -> new Lane(step.module(), place, kernel, hands.guard(), deadlines, this));
    if (busy.add(lane)) {
      hands.run(() -> {
        try {
          lane.perform(step);
        } finally {
          done(lane);
        }
      });
    }
  }

  /** What a module needs is active before it starts, and there until it is gone. What waits is looked at again after each step. */
  private boolean isDue(Step step) {
    if (step instanceof Step.Remove) {
      return !lanes.isNeeded(step.module());
    }
    return step.jar().facts().needs().stream().allMatch(lanes::isActive);
  }

  private void done(Lane lane) {
    synchronized (this) {
      busy.remove(lane);
    }
    reconcile();
  }

  @Override
  public void started(Lane lane, Generation generation) {
    generation.ready().whenComplete((ignored, failure) -> hands.run(() -> {
      boolean serves = lane.firstReady(generation, failure);
      reconcile();
      if (serves) {
        kernel.ledger().good(generation.jar);
      }
    }));
  }

  @Override
  public void switched(Lane lane) {
    reconcile();
  }

  @Override
  public void failed(Given jar, Throwable failure, @Nullable Given goesOn) {
    String reason = Generation.reason(failure);
    if (log.isDebugEnabled()) {
      log.debug("{} {} failed", jar.module(), jar.build(), failure);
    }
    synchronized (this) {
      troubles.failed(new Failure(jar, reason, failure instanceof BadConfig, System.currentTimeMillis()));
      notifyAll();
    }
    kernel.journal().trouble(jar, "failed", jar.file() + ": " + reason + (goesOn == null ? "" : "; " + goesOn.build() + " goes on"));
  }

  /** Done when all that the profile needs is active for the first time. */
  public CompletableFuture<Void> whenReady() {
    return ready.copy();
  }

  /** Whether all that the profile needs is active now, and no plug holds an event loop. */
  public synchronized boolean ready() {
    return desired.needed().stream().allMatch(lanes::isActive) && kernel.guarding().hung().isEmpty();
  }

  private void checkReady() {
    if (!ready.isDone() && ready()) {
      hands.run(() -> ready.complete(null));
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
    List<Step> plan = plan();
    for (String name : desired.needed()) {
      if (lanes.of(name).findAny().isEmpty() && plan.stream().noneMatch(each -> each instanceof Step.Install && each.module().equals(name))) {
        missing.put(name, reasons(name, plan));
      }
    }
    return missing;
  }

  private List<Failure> reasons(String name, List<Step> plan) {
    List<Failure> reasons = new ArrayList<>(troubles.of(name));
    for (Step step : plan) {
      if (step instanceof Step.Refuse(Given jar, String reason) && jar.module().equals(name)) {
        reasons.add(new Failure(jar, reason, false, System.currentTimeMillis()));
      }
    }
    return reasons;
  }

  private boolean isStarting(String name) {
    return busy.stream().anyMatch(each -> each.module.equals(name));
  }

  /** Every generation and every jar that does not run. */
  public synchronized List<Status> status() {
    List<Status> all = new ArrayList<>(lanes.status());
    all.addAll(troubles.status(plan(), held()));
    return List.copyOf(all);
  }

  /** What happened lately, the latest first. */
  public List<Journal.Event> events() {
    return kernel.journal().events();
  }

  /** Open connections that older generations of a module still have. */
  public synchronized int oldConnections(String module) {
    return lanes.oldConnections(module);
  }

  /** What became of the class loaders of those that were closed. */
  public Proof proof() {
    return kernel.proof();
  }

  /** Drains and closes everything, the last started first. */
  @Override
  public void close() {
    List<Lane> order;
    synchronized (this) {
      stopping = true;
      order = lanes.lastFirst();
    }
    long end = System.nanoTime() + deadlines.drain().toNanos();
    order.forEach(lane -> lane.drainLast(Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()))));
    long patience = System.nanoTime() + deadlines.close().toNanos();
    order.forEach(lane -> lane.closeLast(Duration.ofNanos(Math.max(0, patience - System.nanoTime()))));
    hands.close();
  }
}
