package dev.tenon.mixer.operate;

import dev.tenon.mixer.check.StandardVocabulary;
import dev.tenon.mixer.decide.Engine;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.dispatch.Placement;
import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Explanation;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Rehearsals;
import dev.tenon.spi.policy.Sketch;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.stream.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Tries out what is in force, with adapters of its own. */
public final class Rehearsing implements Rehearsals {
  private static final String ROOT = "istio-system";
  private static final Instant BEGIN = Instant.parse("2025-01-01T00:00:00Z");

  private final InForce inForce;
  private final Limits limits;
  private final Guards guards;
  private final ScheduledExecutorService timers;
  private final Source<List<Offer<AdapterFactory>>> offers;

  /** @param offers the adapters that are installed; subscribed to for the time of a rehearsal */
  public Rehearsing(
      InForce inForce, Limits limits, Guards guards, ScheduledExecutorService timers, Source<List<Offer<AdapterFactory>>> offers) {
    this.inForce = inForce;
    this.limits = limits;
    this.guards = guards;
    this.timers = timers;
    this.offers = offers;
  }

  @Override
  public Rehearsal begin() {
    return new One();
  }

  private final class One implements Rehearsal {
    private final AtomicLong nanos = new AtomicLong();
    private final Adapters adapters =
        new Adapters(limits, guards, Placement.HERE, subscriber -> offers.subscribe(all -> subscriber.accept(own(all))),
            () -> CompletableFuture.completedFuture(null));
    private final Engine engine = new Engine(StandardVocabulary.STANDARD, adapters, timers);
    private final Map<String, Policy> compiled = new LinkedHashMap<>();
    /** Adapters of quotas that count by a clock that is not ours. */
    private final Set<String> clocked = ConcurrentHashMap.newKeySet();

    private List<Offer<AdapterFactory>> own(List<Offer<AdapterFactory>> all) {
      List<Offer<AdapterFactory>> own = new ArrayList<>();
      for (Offer<AdapterFactory> each : all) {
        own.add(new Offer<>(each.module(), each.version(), own(each.service(), nanos::get)));
      }
      return own;
    }

    private AdapterFactory own(AdapterFactory factory, LongSupplier clock) {
      Optional<AdapterFactory> made = factory.by(clock);
      if (made.isEmpty() && factory.templates().contains(Template.QUOTA) && factory.shared()) {
        clocked.add(factory.name());
      }
      return made.orElse(factory);
    }

    private Judging judging(String namespace) {
      List<Policy> policies = new ArrayList<>();
      Map<String, PolicyRules> all = inForce.namespaces();
      for (String each : namespace.equals(ROOT) ? List.of(ROOT) : List.of(ROOT, namespace)) {
        PolicyRules rules = all.get(each);
        if (rules != null) {
          policies.add(compiled.computeIfAbsent(each, name -> engine.compile(Inventory.judging(rules))));
        }
      }
      return new Judging(policies);
    }

    @Override
    public Outcome check(String namespace, Sketch request) {
      return judging(namespace).check(seen(request));
    }

    @Override
    public Explanation explain(String namespace, Sketch request) {
      return judging(namespace).explain(seen(request));
    }

    private Sketched seen(Sketch request) {
      return Sketched.of(request, BEGIN.plusNanos(nanos.get()));
    }

    @Override
    public void pass(Duration time) {
      adapters.inUse().stream().filter(each -> clocked.contains(each.adapterName())).findFirst().ifPresent(each -> {
        throw new IllegalStateException(
            "handler " + each.name() + ": " + each.adapterName() + " counts by its server's clock, which cannot be moved; try the limit with memquota");
      });
      nanos.addAndGet(time.toNanos());
    }

    @Override
    public void close() {
      compiled.values().forEach(Policy::close);
      adapters.close();
    }
  }
}
