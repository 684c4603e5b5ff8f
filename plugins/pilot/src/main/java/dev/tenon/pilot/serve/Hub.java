package dev.tenon.pilot.serve;

import dev.tenon.pilot.gather.Inputs;
import dev.tenon.pilot.join.Joiner;
import dev.tenon.pilot.join.Mesh;
import dev.tenon.pilot.scope.PolicyService;
import dev.tenon.pilot.scope.Proxy;
import dev.tenon.pilot.translate.Panic;
import dev.tenon.pilot.translate.Snapshot;
import dev.tenon.pilot.translate.Translator;
import dev.tenon.spi.model.Workload;
import dev.tenon.wire.admin.v1.ProxyStatus;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the river meets its clients: each change of the inputs is joined, translated for every client
 * that is there, and left with its stream. One thread does all of that; a burst of changes is worked
 * on once. Streams are written to without waiting for any of them.
 */
public final class Hub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
  private static final int MOST_GONE = 256;

  private final Joiner joiner;
  private final Translator translator;
  private final Limits limits;
  private final Panic panic;
  private final ScheduledExecutorService timers;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("tenon-pilot").factory());
  private final AtomicReference<@Nullable Inputs> pending = new AtomicReference<>();
  private final Set<Conversation<?, ?>> conversations = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private volatile boolean draining;
  // The rest belongs to the thread.
  private @Nullable Mesh mesh;
  private long slowestJoin;
  private final Map<String, ProxyStatus> gone = new LinkedHashMap<>();

  /**
   * A hub without a mesh yet: clients wait.
   *
   * @param domain of the mesh
   * @param policyService where proxies that cannot judge are pointed
   * @param timers for patience; not shut down here
   */
  public Hub(String domain, PolicyService policyService, Panic panic, Limits limits, ScheduledExecutorService timers) {
    translator = new Translator(policyService, panic);
    this.panic = panic;
    joiner = new Joiner(domain);
    this.limits = limits;
    this.timers = timers;
  }

  /** Takes over new inputs; returns at once. */
  public void accept(Inputs inputs) {
    if (pending.getAndSet(inputs) == null) {
      run(this::rebuild);
    }
  }

  /** Done when the first mesh has been joined. */
  public CompletionStage<Void> ready() {
    return first.minimalCompletionStage();
  }

  /** How all clients stand, with every change taken in that was made before the call. */
  CompletionStage<List<ProxyStatus>> status() {
    CompletableFuture<List<ProxyStatus>> status = new CompletableFuture<>();
    try {
      thread.execute(() -> status.complete(standing()));
    } catch (RejectedExecutionException e) {
      status.completeExceptionally(Status.UNAVAILABLE.withDescription("pilot has ended").asException());
    }
    return status;
  }

  /** The mesh with every change taken in that was made before the call; empty before there is one. */
  public CompletionStage<Optional<Mesh>> mesh() {
    CompletableFuture<Optional<Mesh>> answer = new CompletableFuture<>();
    try {
      thread.execute(() -> answer.complete(Optional.ofNullable(mesh)));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(Status.UNAVAILABLE.withDescription("pilot has ended").asException());
    }
    return answer;
  }

  /**
   * What joining has cost.
   *
   * @param merged how many services have been merged so far
   * @param slowestNanos the longest that one join took
   */
  record Joins(long merged, long slowestNanos) {}

  /** What joining has cost so far. */
  CompletionStage<Joins> joins() {
    return CompletableFuture.supplyAsync(() -> new Joins(joiner.merged(), slowestJoin), thread);
  }

  /** How much has been written so far; for tests of a change's cost. */
  CompletionStage<Translator.Counts> counts() {
    return CompletableFuture.supplyAsync(translator::counts, thread);
  }

  /** Ends all streams so that clients connect again, elsewhere or to a successor. */
  public void drain() {
    draining = true;
    Status status = Status.UNAVAILABLE.withDescription("this control plane ends; connect again");
    List.copyOf(conversations).forEach(each -> each.end(status));
  }

  @Override
  public void close() {
    drain();
    thread.shutdownNow();
  }

  Limits limits() {
    return limits;
  }

  /** When unhealthy endpoints are called. */
  Panic panic() {
    return panic;
  }

  /**
   * A client has said who it is.
   *
   * @throws Refusal when there are too many, or none are taken any more
   */
  void join(Conversation<?, ?> conversation) {
    if (draining) {
      throw new Refusal(Status.UNAVAILABLE.withDescription("this control plane ends; connect again"));
    }
    if (conversations.size() >= limits.streams()) {
      throw new Refusal(
          Status.RESOURCE_EXHAUSTED.withDescription("there are " + limits.streams() + " streams already"));
    }
    conversations.add(conversation);
    conversation
        .proxy()
        .ifPresent(proxy -> LOG.info("{} ({}) is connected", proxy.id(), proxy.userAgent()));
    run(() -> bringUpToDate(conversation));
  }

  /** A client has gone. */
  void leave(Conversation<?, ?> conversation) {
    if (conversations.remove(conversation)) {
      run(
          () -> {
            ProxyStatus last = conversation.status(false);
            LOG.info("{} has left", last.getNode());
            gone.remove(last.getNode());
            gone.put(last.getNode(), last);
            if (gone.size() > MOST_GONE) {
              gone.remove(gone.keySet().iterator().next());
            }
          });
    }
  }

  /** Runs something when patience has ended. */
  void later(Runnable task) {
    after(limits.patience(), task);
  }

  /** Looks at a client anew when the farewell of its workload is over. */
  void afterFarewell(Conversation<?, ?> conversation) {
    after(limits.farewell(), () -> run(() -> {
      if (conversations.contains(conversation)) {
        bringUpToDate(conversation);
      }
    }));
  }

  private void after(Duration delay, Runnable task) {
    try {
      Future<?> _ = timers.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the generation has ended", e);
    }
  }

  private void run(Runnable task) {
    try {
      thread.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              LOG.error("a step of the control plane failed; what was sent before stays in force", e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("the generation has ended", e);
    }
  }

  private void rebuild() {
    Inputs inputs = pending.getAndSet(null);
    if (inputs == null) {
      return;
    }
    long began = System.nanoTime();
    Mesh next = joiner.join(inputs);
    slowestJoin = Math.max(slowestJoin, System.nanoTime() - began);
    if (next.equals(mesh)) {
      return;
    }
    mesh = next;
    conversations.forEach(this::bringUpToDate);
    translator.sweep(next);
    LOG.debug(
        "mesh {} for {} proxies in {} µs",
        next.version(),
        conversations.size(),
        (System.nanoTime() - began) / 1000);
    if (first.complete(null)) {
      LOG.info("the first mesh has {} services and {} workloads", next.endpoints().size(), next.workloads().size());
    }
  }

  private void bringUpToDate(Conversation<?, ?> conversation) {
    Mesh now = mesh;
    if (now == null) {
      return;
    }
    conversation
        .proxy()
        .ifPresent(
            proxy -> {
              gone.remove(proxy.id());
              snapshot(now, proxy, conversation);
            });
  }

  private void snapshot(Mesh now, Proxy proxy, Conversation<?, ?> conversation) {
    try {
      Workload workload = conversation.workload(now.workloads().get(proxy.workloadKey()));
      Snapshot snapshot = translator.translate(now, proxy, workload);
      conversation.update(snapshot);
    } catch (RuntimeException e) {
      LOG.error("{} stays as it is: its configuration cannot be made", proxy.id(), e);
    }
  }

  private List<ProxyStatus> standing() {
    Map<String, ProxyStatus> all = new HashMap<>(gone);
    conversations.forEach(
        each -> {
          ProxyStatus status = each.status(true);
          all.put(status.getNode(), status);
        });
    List<ProxyStatus> sorted = new ArrayList<>(all.values());
    sorted.sort((one, other) -> one.getNode().compareTo(other.getNode()));
    return sorted;
  }
}
