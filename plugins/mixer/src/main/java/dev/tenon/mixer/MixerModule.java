package dev.tenon.mixer;

import dev.tenon.mixer.accept.PolicyValidator;
import dev.tenon.mixer.answer.EnvoyServices;
import dev.tenon.mixer.check.StandardVocabulary;
import dev.tenon.mixer.decide.Engine;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.dispatch.Counters;
import dev.tenon.mixer.dispatch.Placement;
import dev.tenon.mixer.evaluate.Trials;
import dev.tenon.mixer.operate.InForce;
import dev.tenon.mixer.operate.PolicyService;
import dev.tenon.mixer.operate.Rehearsing;
import dev.tenon.mixer.serve.Following;
import dev.tenon.mixer.serve.SharedService;
import dev.tenon.mixer.share.Dial;
import dev.tenon.mixer.share.Journal;
import dev.tenon.mixer.share.Shared;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Validator;
import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Arrivals;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Expressions;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.policy.Quotas;
import dev.tenon.spi.policy.Rehearsals;
import dev.tenon.spi.policy.Whereabouts;
import dev.tenon.spi.ports.Ports;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Subscription;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSource;
import io.grpc.BindableService;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Policy. Offers a {@link PolicyEngine}, a {@link Validator} and {@link Expressions}; uses every
 * {@link AdapterFactory}.
 */
public final class MixerModule implements Module {
  @Override
  public String name() {
    return "mixer";
  }

  @Override
  public Running start(ModuleContext context) {
    Fields settings = context.settings();
    Limits limits = Limits.read(settings);
    ShareSettings share = ShareSettings.read(settings, context.settings("mesh"));
    settings.finish();
    Guards guards = context.guards();
    Journal journal = share.journal().map(file -> new Journal(file, context.timers(), System::nanoTime)).orElse(null);
    Shared shared = share.addresses().isEmpty() ? null : shared(context, share, journal);
    Adapters adapters = new Adapters(limits, guards, new Placement(shared, share.shared(), share.here()),
        context.offers(AdapterFactory.class), () -> arrivals(context));
    Engine engine = new Engine(StandardVocabulary.STANDARD, adapters, context.timers());
    SharedService service = new SharedService(adapters, System::nanoTime, journal);
    Counters counters = new Counters(adapters);
    InForce inForce = new InForce(engine::inForce);
    Rulebook book = new Rulebook(service, () -> EnvoyServices.offer(context, engine));
    Following rules = new Following(context.offers(Rules.class), all -> {
      book.take(all);
      inForce.rules(all);
    });
    PolicyService operators = new PolicyService(inForce, adapters, counters, engine);
    Subscription whereabouts = context.offers(Whereabouts.class).subscribe(operators::present);
    context.offer(PolicyEngine.class, engine);
    context.offer(MetricSource.class, () -> figures(engine, shared));
    context.offer(Quotas.class, counters);
    context.offer(BindableService.class, service);
    context.offer(BindableService.class, operators);
    context.offer(Expressions.class, new Trials());
    context.offer(Rehearsals.class, new Rehearsing(inForce, limits, guards, context.timers(), context.offers(AdapterFactory.class)));
    context.offer(Validator.class, new PolicyValidator(StandardVocabulary.STANDARD, adapters));
    return new Generation(guards, adapters, engine, whereabouts, rules, service, book, shared, journal);
  }

  private static CompletionStage<Void> arrivals(ModuleContext context) {
    AtomicReference<List<Offer<Arrivals>>> present = new AtomicReference<>(List.of());
    context.offers(Arrivals.class).subscribe(present::set).close();
    return CompletableFuture.allOf(Objects.requireNonNull(present.get()).stream()
        .map(each -> each.service().of(AdapterFactory.class).toCompletableFuture())
        .toArray(CompletableFuture[]::new));
  }

  private static List<Family> figures(Engine engine, @Nullable Shared shared) {
    return Stream.concat(engine.figures().stream(), shared == null ? Stream.of() : shared.figures().stream()).toList();
  }

  private static Shared shared(ModuleContext context, ShareSettings share, @Nullable Journal journal) {
    Ports ports = context.ports();
    Dial dial = new Dial(share.addresses(), ports.loops(), ports.channelType(), share.credential());
    return new Shared(dial, ports.eachLoop().getFirst(), share.terms(), System::nanoTime, journal);
  }

  /** Takes the rules to all who answer by them. Real Envoys are answered from the first ones on: a process without rules has nobody to answer. */
  private static final class Rulebook implements AutoCloseable {
    private final SharedService service;
    private final Supplier<EnvoyServices> envoys;
    private @Nullable EnvoyServices answering;
    private boolean closed;

    Rulebook(SharedService service, Supplier<EnvoyServices> envoys) {
      this.service = service;
      this.envoys = envoys;
    }

    synchronized void take(RuleSet rules) {
      if (closed) {
        return;
      }
      service.rules(rules);
      if (answering == null) {
        answering = envoys.get();
      }
      answering.rules(rules);
    }

    synchronized void drain() {
      if (answering != null) {
        answering.drain();
      }
    }

    @Override
    public synchronized void close() {
      closed = true;
      if (answering != null) {
        answering.close();
      }
    }
  }

  /** One generation of mixer at work. */
  private record Generation(
      Guards guards,
      Adapters adapters,
      Engine engine,
      Subscription whereabouts,
      Following rules,
      SharedService service,
      Rulebook book,
      @Nullable Shared shared,
      @Nullable Journal journal)
      implements Running {
    @Override
    public CompletionStage<Void> drain(Duration deadline) {
      service.close();
      book.drain();
      return guards.idle();
    }

    @Override
    public void close() {
      engine.flush();
      rules.close();
      book.close();
      service.close();
      if (shared != null) {
        shared.close();
      }
      whereabouts.close();
      adapters.close();
      if (journal != null) {
        journal.close();
      }
    }
  }
}
