package dev.tenon.mixer.answer;

import dev.tenon.mixer.decide.Engine;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.rules.RuleSet;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import java.util.List;

/**
 * The same rules for real Envoys: what a sidecar of ours judges by itself, they ask here. Made where there are rules, so
 * never in a sidecar, which would load Envoy's API for nothing.
 */
public final class EnvoyServices implements AutoCloseable {
  private final Neighbours neighbours;
  private final Policies policies;
  private final AccessLogs logs;

  private EnvoyServices(Neighbours neighbours, Policies policies) {
    this.neighbours = neighbours;
    this.policies = policies;
    this.logs = new AccessLogs(policies::of, neighbours);
  }

  /** Offers them to the process's gRPC server. */
  public static EnvoyServices offer(ModuleContext context, Engine engine) {
    EnvoyServices services = new EnvoyServices(new Neighbours(context.offers(Registry.class)), new Policies(engine));
    services.all().forEach(each -> context.offer(BindableService.class, each));
    return services;
  }

  private List<BindableService> all() {
    Called.Reader reader = new Called.Reader();
    Judging judging = new Judging(policies::of);
    return List.of(
        called(new Authorization(judging, neighbours), reader),
        called(new RateLimiting(judging, neighbours), reader),
        called(logs, reader));
  }

  private static BindableService called(BindableService service, Called.Reader reader) {
    return () -> ServerInterceptors.intercept(service, reader);
  }

  /** The configuration has changed. */
  public void rules(RuleSet rules) {
    policies.rules(rules);
  }

  /** Ends what stands open, so that Envoys turn to the generation that has taken over. */
  public void drain() {
    logs.close();
  }

  @Override
  public void close() {
    logs.close();
    policies.close();
    neighbours.close();
  }
}
