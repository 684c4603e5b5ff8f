package dev.tenon.proxy.plug;

import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Offer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plug-ins of one kind: those that are installed, and a slot for each that is wanted. They come and
 * go while slots stay: a slot is filled when its plug-in comes, and emptied before {@link #present}
 * returns when it goes.
 *
 * <p>Threading: {@link #slot} from any thread without a lock; all others from threads that may wait,
 * never from an event loop; changes are serialised.
 */
public final class Rack<F, P extends AutoCloseable> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rack.class);

  private final PlugKind<F, P> kind;
  private final Supplier<Guards> guards;
  private final Limits limits;
  private final Loops loops;
  private Map<String, Factory<F, P>> factories = Map.of();
  private volatile Map<PlugSpec, Slot<P>> slots = Map.of();

  /**
   * An empty one.
   *
   * @param guards asked for when the first plug-in comes
   * @param limits what stands round each plug-in that is made
   */
  public Rack(PlugKind<F, P> kind, Supplier<Guards> guards, Limits limits, Loops loops) {
    this.kind = kind;
    this.guards = guards;
    this.limits = limits;
    this.loops = loops;
  }

  /** The slot of something wanted; null when nobody said so. */
  public @Nullable Slot<P> slot(PlugSpec spec) {
    return slots.get(spec);
  }

  /** Takes note of which factories there are now. Waits, within the deadline, for calls of others. */
  public void present(List<Offer<F>> offers) {
    List<Lease<P>> ended = new ArrayList<>();
    synchronized (this) {
      Map<String, Factory<F, P>> next = new LinkedHashMap<>();
      for (Offer<F> offer : offers) {
        known(offer).or(() -> Factory.of(kind, offer, guards.get())).ifPresent(factory -> add(next, factory));
      }
      factories = next;
      for (Slot<P> slot : slots.values()) {
        follow(slot, next.get(slot.spec().plugin()), ended);
      }
    }
    await(end(ended));
  }

  @SuppressWarnings("ReferenceEquality") // another object is another build of the factory
  private Optional<Factory<F, P>> known(Offer<F> offer) {
    return factories.values().stream().filter(each -> each.service() == offer.service()).findFirst();
  }

  private void add(Map<String, Factory<F, P>> all, Factory<F, P> factory) {
    Factory<F, P> first = all.putIfAbsent(factory.name(), factory);
    if (first != null) {
      LOG.warn("the {} {} is offered by {} and by {}; the first is used", kind.called(), factory.name(), first.module(), factory.module());
    }
  }

  /** Brings a slot in line with what is installed. */
  @SuppressWarnings("ReferenceEquality")
  private void follow(Slot<P> slot, @Nullable Factory<F, P> factory, List<Lease<P>> ended) {
    Lease<P> present = slot.lease();
    if (factory == null) {
      if (present != null) {
        LOG.warn("the {} {}, wanted by {}, is gone", kind.called(), slot.spec().plugin(), slot.spec().config().at());
        note(slot.empty("is not installed"), ended);
      }
    } else if (present == null || present.maker() != factory) {
      String refusal = fill(slot, factory, ended);
      if (!refusal.isEmpty()) {
        LOG.error("the {} {} of {} refuses what {} says: {}", kind.called(), factory.name(), factory.module(), slot.spec().config().at(), refusal);
      }
    }
  }

  /** Returns why it could not; empty when it could. */
  private String fill(Slot<P> slot, Factory<F, P> factory, List<Lease<P>> ended) {
    Factory.Built<P> built = factory.build(slot.spec());
    if (built.plug().isEmpty()) {
      note(slot.empty("refuses its configuration"), ended);
      return built.refusal();
    }
    P plug = built.plug().get();
    String name = kind.called() + " " + factory.name();
    note(slot.fill(new Lease<>(factory, plug, guards.get().over(plug, name, limits))), ended);
    LOG.info("the {} of {} is in use", name, factory.module());
    return "";
  }

  private void note(@Nullable Lease<P> lease, List<Lease<P>> ended) {
    if (lease != null) {
      ended.add(lease);
    }
  }

  /**
   * Wants a plug-in from now on.
   *
   * @return why the installed one cannot be had with this configuration; then nothing is wanted
   */
  public synchronized Optional<String> want(PlugSpec spec) {
    if (slots.containsKey(spec)) {
      return Optional.empty();
    }
    Slot<P> slot = new Slot<>(spec);
    Factory<F, P> factory = factories.get(spec.plugin());
    if (factory == null) {
      LOG.warn("the {} {}, wanted by {}, is not installed", kind.called(), spec.plugin(), spec.config().at());
    } else {
      String refusal = fill(slot, factory, new ArrayList<>());
      if (!refusal.isEmpty()) {
        return Optional.of("the " + kind.called() + " " + spec.plugin() + " refuses its configuration: " + refusal);
      }
    }
    Map<PlugSpec, Slot<P>> next = new HashMap<>(slots);
    next.put(spec, slot);
    slots = Map.copyOf(next);
    return Optional.empty();
  }

  /** Wants these and no others. What is not wanted any more is closed once nobody can be calling it. */
  public void keep(Collection<PlugSpec> wanted) {
    List<Lease<P>> ended = new ArrayList<>();
    synchronized (this) {
      Set<PlugSpec> all = new HashSet<>(wanted);
      if (all.containsAll(slots.keySet())) {
        return;
      }
      Map<PlugSpec, Slot<P>> next = new HashMap<>(slots);
      slots.forEach(
          (spec, slot) -> {
            if (!all.contains(spec)) {
              next.remove(spec);
              note(slot.empty("is not wanted any more"), ended);
            }
          });
      slots = Map.copyOf(next);
    }
    end(ended);
  }

  /** Ends leases that no slot holds any more. */
  private CompletableFuture<Void> end(List<Lease<P>> leases) {
    if (leases.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return loops
        .comeRound()
        .thenCompose(
            round ->
                CompletableFuture.allOf(
                    leases.stream().map(each -> each.end().toCompletableFuture()).toArray(CompletableFuture[]::new)))
        .toCompletableFuture();
  }

  private void await(CompletableFuture<Void> ended) {
    try {
      ended.get(limits.deadline().toMillis() + 500, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("calls of a {} that is gone are still under way", kind.called());
    } catch (ExecutionException e) {
      LOG.warn("a {} that is gone could not be let go", kind.called(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Drops every plug-in. */
  @Override
  public void close() {
    present(List.of());
  }
}
