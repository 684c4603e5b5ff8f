package dev.tenon.proxy.live;

import dev.tenon.proxy.compile.Assembly;
import dev.tenon.proxy.compile.ConfigDump;
import dev.tenon.proxy.compile.Table;
import dev.tenon.proxy.plug.Plugs;
import dev.tenon.proxy.plug.Rack;
import dev.tenon.proxy.subscribe.Desk;
import dev.tenon.proxy.subscribe.Intake;
import dev.tenon.proxy.subscribe.Kind;
import dev.tenon.proxy.subscribe.Link;
import dev.tenon.proxy.subscribe.NodeIdentity;
import dev.tenon.proxy.subscribe.Reachability;
import dev.tenon.proxy.subscribe.Rejection;
import dev.tenon.proxy.subscribe.Resource;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link Live} up to date: subscribes, has what comes compiled, and publishes it, many changes at
 * a time. Also follows the policy engine, which may be replaced at any moment.
 *
 * <p>Threading: any thread may call. The lock is held while compiling, never on an event loop.
 */
public final class Feed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  /** Changes that come within this time of one another become one generation. */
  private static final Duration GATHER = Duration.ofMillis(5);

  private static final Duration TICK = Duration.ofMillis(500);

  /** How long requests may still be on their way through plug-ins that nothing asks for any more. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Live live;
  private final List<? extends EventExecutor> loops;
  private final ScheduledExecutorService timers;
  private final Offered offered;
  private final Plugs plugs;
  private final Desk desk = new Desk();
  private final Assembly assembly;
  private final Link link;
  private final List<Subscription> subscriptions = new ArrayList<>();
  private @Nullable Future<?> publication;
  private @Nullable Future<?> tick;
  private @Nullable Future<?> leaving;
  private boolean completed;
  private boolean closed;

  /**
   * A feed not begun yet.
   *
   * @param loops those that requests run on: what a request may still use is closed only after each of
   *     them has come round
   * @param offered what other modules and plug-ins lend
   * @param plugs where plug-ins of the request path are wanted
   */
  public Feed(
      Link.Peer peer,
      NodeIdentity node,
      Live live,
      List<? extends EventExecutor> loops,
      ScheduledExecutorService timers,
      Offered offered,
      Plugs plugs) {
    this.live = live;
    this.loops = List.copyOf(loops);
    this.timers = timers;
    this.offered = offered;
    this.plugs = plugs;
    this.assembly = new Assembly(InstantSource.system(), plugs);
    this.link = new Link(peer, node, new Locked(), desk, timers);
  }

  /** Begins; returns at once. {@link Live#firstComplete} tells when requests can be served. */
  public void start() {
    // Plug-ins first: what is there already has its say in what comes.
    List<Subscription> all =
        List.of(
            offered.filters().subscribe(offers -> installed(plugs.filters(), offers)),
            offered.balancers().subscribe(offers -> installed(plugs.balancers(), offers)),
            offered.engines().subscribe(this::engine));
    synchronized (this) {
      subscriptions.addAll(all);
    }
    link.start();
  }

  /** How the subscription to the control plane stands. */
  public Source<Reachability> reachability() {
    return link.reachability();
  }

  /** All that is in force or refused, as the JSON of Envoy's {@code /config_dump}; never waits here. */
  public CompletionStage<String> dump() {
    return CompletableFuture.supplyAsync(
        () -> {
          synchronized (this) {
            return ConfigDump.json(assembly);
          }
        },
        desk);
  }

  @Override
  public void close() {
    link.close();
    List<Subscription> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(subscriptions);
      cancel(publication);
      cancel(tick);
      cancel(leaving);
    }
    all.forEach(Subscription::close);
    synchronized (this) {
      assembly.engine(null);
      publishPolicies();
    }
    plugs.close();
  }

  private static void cancel(@Nullable Future<?> future) {
    if (future != null) {
      future.cancel(false);
    }
  }

  /** Nothing of the old engine is referred to from here or from new requests when this returns. */
  private synchronized void engine(List<Offer<PolicyEngine>> offers) {
    if (closed) {
      return;
    }
    List<Rejection> refused = assembly.engine(offers.isEmpty() ? null : offers.getFirst().service());
    refused.forEach(each -> LOG.error("the policy engine refuses what was in force; requests under it get 503: {}", each));
    publishPolicies();
  }

  /** No plug-in that is gone is referred to from here when this returns. */
  private <F, P extends AutoCloseable> void installed(Rack<F, P> rack, List<Offer<F>> offers) {
    rack.present(offers);
    synchronized (this) {
      if (!closed) {
        assembly.plugsChanged().forEach(each -> LOG.warn("still refused: {}", each));
        follow();
      }
    }
  }

  private void publishPolicies() {
    if (assembly.policiesChanged()) {
      live.policies(assembly.policies());
    }
    retire(assembly.takeRetired());
  }

  /** Sees to it that what has changed is published, a little later, together with what comes until then. */
  private void follow() {
    if (closed) {
      return;
    }
    boolean news = assembly.tableChanged() || assembly.policiesChanged() || !completed;
    if (news && (publication == null || publication.isDone())) {
      publication = later(this::publish, GATHER);
    }
    if (assembly.waits() && (tick == null || tick.isDone())) {
      tick = later(this::tick, TICK);
    }
  }

  private @Nullable Future<?> later(Runnable step, Duration wait) {
    try {
      return timers.schedule(() -> desk.execute(step), wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the generation has ended", e);
      return null;
    }
  }

  /** On the desk. The table is published without the lock: its subscribers open sockets. */
  private void publish() {
    Table table = null;
    boolean complete;
    synchronized (this) {
      publishPolicies();
      if (assembly.tableChanged()) {
        table = assembly.table();
      }
      complete = !closed && !completed && assembly.complete();
      completed |= complete;
    }
    if (table != null) {
      live.publish(table);
      synchronized (this) {
        cancel(leaving);
        leaving = closed ? null : later(this::letGo, GRACE);
      }
    }
    if (complete) {
      live.completed();
    }
  }

  private synchronized void letGo() {
    assembly.keepPlugs();
  }

  private synchronized void tick() {
    tick = null;
    for (String cluster : assembly.tick()) {
      LOG.warn("the control plane sends no endpoints for cluster {}; requests to it get 503 until it does", cluster);
    }
    follow();
  }

  /** Closes policies that were replaced after each loop has ended the call that may be using them. */
  private void retire(List<PolicyEngine.Policy> policies) {
    if (policies.isEmpty()) {
      return;
    }
    AtomicInteger left = new AtomicInteger(loops.size());
    Runnable passed =
        () -> {
          if (left.decrementAndGet() == 0) {
            desk.execute(() -> policies.forEach(Feed::closeQuietly));
          }
        };
    for (EventExecutor loop : loops) {
      try {
        loop.execute(passed);
      } catch (RejectedExecutionException e) {
        passed.run();
      }
    }
  }

  private static void closeQuietly(PolicyEngine.Policy policy) {
    try {
      policy.close();
    } catch (RuntimeException e) {
      LOG.warn("a policy that was replaced could not be closed", e);
    }
  }

  /** The assembly, one call at a time; each call is followed by publication. */
  private final class Locked implements Intake {
    @Override
    public List<Rejection> receive(Kind kind, List<Resource> changed, List<String> removed) {
      synchronized (Feed.this) {
        try {
          return assembly.receive(kind, changed, removed);
        } finally {
          follow();
        }
      }
    }

    @Override
    public Map<String, String> versions(Kind kind) {
      synchronized (Feed.this) {
        return assembly.versions(kind);
      }
    }

    @Override
    public Set<String> wanted(Kind kind) {
      synchronized (Feed.this) {
        return assembly.wanted(kind);
      }
    }
  }
}
