package dev.tenon.mixer;

import dev.tenon.mixer.accept.PolicyValidator;
import dev.tenon.mixer.check.StandardVocabulary;
import dev.tenon.mixer.decide.Engine;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.evaluate.Trials;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Validator;
import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Expressions;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.stream.Subscription;
import dev.tenon.spi.telemetry.MetricSource;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

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
    settings.finish();
    Guards guards = context.guards();
    Adapters adapters = new Adapters(limits, guards);
    Subscription offers = context.offers(AdapterFactory.class).subscribe(adapters::present);
    Engine engine = new Engine(StandardVocabulary.STANDARD, adapters, context.timers());
    context.offer(PolicyEngine.class, engine);
    context.offer(MetricSource.class, engine::figures);
    context.offer(Expressions.class, new Trials());
    context.offer(Validator.class, new PolicyValidator(StandardVocabulary.STANDARD, adapters));
    return new Generation(guards, adapters, engine, offers);
  }

  /** One generation of mixer at work. */
  private record Generation(Guards guards, Adapters adapters, Engine engine, Subscription offers)
      implements Running {
    @Override
    public CompletionStage<Void> drain(Duration deadline) {
      return guards.idle();
    }

    @Override
    public void close() {
      engine.flush();
      offers.close();
      adapters.close();
    }
  }
}
