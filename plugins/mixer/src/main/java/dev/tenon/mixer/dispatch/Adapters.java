package dev.tenon.mixer.dispatch;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.accept.Codes;
import dev.tenon.mixer.accept.Installed;
import dev.tenon.spi.config.Finding.Severity;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The installed adapters, and the handlers made of them. Adapters come and go while handlers stay:
 * each handler's slot is filled when its adapter comes and emptied before {@link #present} returns
 * when it goes.
 *
 * <p>Threading: all methods from any thread; changes are serialised.
 */
public final class Adapters implements Installed, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Adapters.class);

  /** After their deadline, for calls to heed their interrupt. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** For adapters that begin to start when they are looked for. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  private final Limits limits;
  private final Guards guards;
  private final Placement placement;
  private final Map<Accepted.Handler, Used> handlers = new HashMap<>();
  private final Source<List<Offer<AdapterFactory>>> offers;
  private final Supplier<CompletionStage<Void>> arrivals;
  private volatile Map<String, Plug> plugs = Map.of();
  private volatile @Nullable Subscription subscription;

  /** Those that are all asked here. */
  public Adapters(Limits limits, Guards guards) {
    this(limits, guards, Placement.HERE);
  }

  /** Adapters that {@link #present} alone tells of. */
  public Adapters(Limits limits, Guards guards, Placement placement) {
    this(limits, guards, placement, subscriber -> () -> {}, () -> CompletableFuture.completedFuture(null));
    subscription = () -> {};
  }

  /**
   * Adapters, none looked for yet.
   *
   * @param offers subscribed to when one is first needed, since what offers them may start only then
   * @param arrivals done when all have come that start because of that
   */
  public Adapters(Limits limits, Guards guards, Placement placement, Source<List<Offer<AdapterFactory>>> offers, Supplier<CompletionStage<Void>> arrivals) {
    this.placement = placement;
    this.limits = limits;
    this.guards = guards;
    this.offers = offers;
    this.arrivals = arrivals;
  }

  /** Looks for adapters, if nobody did yet. */
  private void look() {
    if (subscription == null) {
      synchronized (this) {
        if (subscription == null) {
          subscription = () -> {};
          subscription = offers.subscribe(this::present);
        }
      }
    }
  }

  /**
   * Waits for adapters that start because they are looked for now: a policy that is compiled before they are there
   * would refuse what it should ask them. Who does not come is not waited for; who is interrupted goes on with what there is.
   */
  public void await(Set<String> names) {
    if (names.isEmpty() || known().keySet().containsAll(names)) {
      return;
    }
    try {
      arrivals.get().toCompletableFuture().get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("not every adapter that was looked for is there: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A handler, and by how many policies it is used. */
  private static final class Used {
    final Handler handler;
    int users;

    Used(Handler handler) {
      this.handler = handler;
    }
  }

  /** Takes note of which factories there are now. Waits, within the deadline, for calls of others. */
  public void present(List<Offer<AdapterFactory>> offers) {
    List<Lease> retired = new ArrayList<>();
    synchronized (this) {
      Map<String, Plug> next = new LinkedHashMap<>();
      for (Offer<AdapterFactory> offer : offers) {
        Plug.of(offer).ifPresent(plug -> add(next, plug));
      }
      plugs = next;
      for (Used used : handlers.values()) {
        follow(used.handler, next.get(used.handler.spec().adapter()), retired);
      }
    }
    await(retired);
  }

  private static void add(Map<String, Plug> plugs, Plug plug) {
    Plug first = plugs.putIfAbsent(plug.name(), plug);
    if (first != null) {
      LOG.warn(
          "the adapter {} is offered by {} and by {}; the first is used",
          plug.name(),
          first.module(),
          plug.module());
    }
  }

  /** Brings a handler's slot in line with what is installed. */
  @SuppressWarnings("ReferenceEquality") // another object is another build of the factory
  private void follow(Handler handler, @Nullable Plug plug, List<Lease> retired) {
    Lease present = handler.slot();
    Accepted.Handler spec = handler.spec();
    if (plug == null) {
      if (present != null) {
        LOG.info("handler {}: the adapter {} is gone", spec.name(), spec.adapter());
        retire(handler.empty("the adapter " + spec.adapter() + " is not installed"), retired);
      }
      return;
    }
    if (present != null && present.plug().factory() == plug.factory()) {
      return;
    }
    Builder.Built built = Builder.build(plug, spec.name(), spec.params(), "params");
    if (built.adapter().isPresent()) {
      retire(handler.fill(lease(spec, plug, built.adapter().get())), retired);
      LOG.info("handler {}: the adapter {} of {} is in use", spec.name(), plug.name(), plug.module());
    } else {
      retire(handler.empty(refuses(spec)), retired);
      LOG.warn("handler {}: the adapter {} refuses its parameters: {}", spec.name(), plug.name(), built.findings());
    }
  }

  private Lease lease(Accepted.Handler spec, Plug plug, Adapter adapter) {
    Guard guard = guards.over(plug.factory(), "the adapter " + plug.name() + " of handler " + spec.name(), limits);
    return new Lease(spec.name(), plug, adapter, guard, placement.of(plug));
  }

  private static String refuses(Accepted.Handler spec) {
    return "the adapter " + spec.adapter() + " refuses its parameters";
  }

  private static void retire(@Nullable Lease lease, List<Lease> retired) {
    if (lease != null) {
      lease.retire();
      retired.add(lease);
    }
  }

  private void await(List<Lease> retired) {
    long end = System.nanoTime() + limits.deadline().plus(GRACE).toNanos();
    for (Lease lease : retired) {
      try {
        if (!lease.awaitClosed(Math.max(1, end - System.nanoTime()))) {
          LOG.warn("calls of the adapter {} are still under way", lease.plug().name());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /**
   * The handler of some parameters, to be given back with {@link #release}.
   *
   * @param refusals where an installed adapter's refusal goes
   */
  public Handler acquire(Accepted.Handler spec, List<Finding> refusals) {
    look();
    return use(spec, refusals);
  }

  private synchronized Handler use(Accepted.Handler spec, List<Finding> refusals) {
    Used used =
        handlers.computeIfAbsent(spec, each -> new Used(new Handler(each, limits)));
    used.users++;
    Plug plug = plugs.get(spec.adapter());
    if (plug != null && used.handler.slot() == null) {
      Builder.Built built = Builder.build(plug, spec.name(), spec.params(), "handler " + spec.name() + " params");
      if (built.adapter().isPresent()) {
        used.handler.fill(lease(spec, plug, built.adapter().get()));
      } else {
        used.handler.empty(refuses(spec));
        refusals.addAll(built.findings());
      }
    }
    return used.handler;
  }

  /** Whether an adapter is installed and says that its handlers are asked by all proxies. */
  public boolean shares(String adapter) {
    Plug plug = known().get(adapter);
    return plug != null && plug.shared();
  }

  /** How a handler of an adapter would be asked here; empty when the adapter is not installed. */
  public Optional<Inspection.Condition> planned(String adapter) {
    return Optional.ofNullable(plugs.get(adapter)).map(plug ->
        new Inspection.Condition(plug.module(), "", "", Inspection.Runs.of(placement.of(plug) != null, plug.nonBlocking()), Tally.Sum.NOTHING));
  }

  /** The handlers that are in use now. */
  public synchronized List<Handler> inUse() {
    return handlers.values().stream().map(used -> used.handler).toList();
  }

  /** Says that a handler has one user less; the last one's leaving retires its adapter. */
  public synchronized void release(Handler handler) {
    Used used = handlers.get(handler.spec());
    if (used != null && --used.users == 0) {
      handlers.remove(handler.spec());
      retire(handler.empty("the policy is closed"), new ArrayList<>());
    }
  }

  @Override
  public Set<String> names() {
    return known().keySet();
  }

  @Override
  public Optional<Set<Template>> templates(String adapter) {
    return Optional.ofNullable(known().get(adapter)).map(Plug::templates);
  }

  @Override
  public Optional<List<Finding>> tryOut(String adapter, Node.Mapping params, String path) {
    Plug plug = known().get(adapter);
    if (plug == null) {
      return Optional.empty();
    }
    Builder.Built built = Builder.build(plug, "", params, path);
    built.adapter().ifPresent((Adapter each) -> Builder.discard(plug, each));
    return Optional.of(built.findings());
  }

  /** A warning for the operator when a handler's adapter is not installed. */
  public Optional<Finding> absence(Accepted.Handler spec) {
    return known().containsKey(spec.adapter())
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Severity.WARNING,
                Codes.ADAPTER_ABSENT,
                spec.params().at(),
                "handler " + spec.name(),
                "no adapter " + spec.adapter() + " is installed; until it is, its rules fail"));
  }

  private Map<String, Plug> known() {
    look();
    return plugs;
  }

  /** What is counted of each handler, and what its adapter counts itself. */
  public List<Family> figures() {
    List<Handler> all;
    synchronized (this) {
      all = handlers.values().stream().map(each -> each.handler).toList();
    }
    return Figures.of(all);
  }

  /** Drops every adapter. */
  @Override
  public void close() {
    Subscription flow = subscription;
    if (flow != null) {
      flow.close();
    }
    present(List.of());
  }
}
