package dev.tenon.agent;

import dev.tenon.agent.join.Backoff;
import dev.tenon.agent.join.Credential;
import dev.tenon.agent.join.GrpcLine;
import dev.tenon.agent.join.LeaseIdFile;
import dev.tenon.agent.join.Membership;
import dev.tenon.agent.join.Renewal;
import dev.tenon.agent.probe.Timers;
import dev.tenon.agent.probe.Vigil;
import dev.tenon.agent.read.AgentSettings;
import dev.tenon.agent.read.ControlPlane;
import dev.tenon.spi.lifecycle.Carry;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.workload.Entrant;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The agent as a module: reads who the workload is, and keeps it in the mesh. */
final class AgentModule implements Module {
  @Override
  public String name() {
    return "agent";
  }

  @Override
  public Running start(ModuleContext context) throws IOException {
    AgentSettings settings =
        AgentSettings.read(context.settings(), context.settings("mesh"), context.settings("workload"));
    if (settings.joins().isEmpty()) {
      return () -> {};
    }
    Timers timers = Timers.of(context.timers());
    AgentSettings.Joining joining = settings.joins().get();
    Optional<Renewal> renewal = Optional.empty();
    if (joining.credential().isPresent()) {
      renewal = Optional.of(Credential.held(joining.controlPlane(), joining.entrant(), joining.credential().get(),
          context.ports().loops(), context.ports().channelType(), timers));
    }
    Vigil vigil = Vigil.of(joining.entrant(), joining.credential().isPresent() || !joining.entrant().group().isEmpty(), context.ports().loops(), context.ports().channelType(), timers);
    Membership membership = membership(context, settings, joining, vigil, timers);
    if (context.succeeds()) {
      membership.succeed();
    } else {
      membership.join();
    }
    return new Member(membership, vigil, renewal, context.succeeds());
  }

  private static Membership membership(
      ModuleContext context, AgentSettings settings, AgentSettings.Joining joining, Vigil vigil, Timers timers) {
    ControlPlane controlPlane = joining.controlPlane();
    Entrant entrant = joining.entrant();
    return new Membership(
        new GrpcLine(controlPlane, context.ports().loops(), context.ports().channelType(), joining.credential()),
        entrant,
        settings.timeToLive(),
        settings.settle(),
        new LeaseIdFile(context.stateDirectory().resolve("lease-id")),
        vigil,
        timers,
        new Backoff(new SplittableRandom()));
  }

  /**
   * A generation that runs.
   *
   * @param succeeds whether there was one before it; then it waits for nobody to be ready
   */
  private record Member(Membership membership, Vigil vigil, Optional<Renewal> renewal, boolean succeeds) implements Running, Carry {
    @Override
    public CompletionStage<Void> ready() {
      return succeeds ? CompletableFuture.completedStage(null) : membership.joined();
    }

    @Override
    public String form() {
      return "condition/1";
    }

    @Override
    public Map<String, Object> give() {
      Condition found = vigil.found();
      return Map.of("health", found.health().name(), "reason", found.reason());
    }

    @Override
    public void take(String form, Map<String, Object> piece) {
      if (piece.get("health") instanceof String health && piece.get("reason") instanceof String reason) {
        vigil.know(new Condition(Health.valueOf(health), reason));
      }
    }

    /** Nobody comes after: the workload leaves the mesh before its proxy stops. */
    @Override
    public CompletionStage<Void> drain(Duration deadline) {
      return membership.leave(deadline);
    }

    /** The successor holds the same lease by now. */
    @Override
    public CompletionStage<Void> handOver(Duration deadline) {
      close();
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {
      renewal.ifPresent(Renewal::close);
      membership.close();
    }
  }
}
