package dev.tenon.agent;

import dev.tenon.agent.join.Backoff;
import dev.tenon.agent.join.GrpcLine;
import dev.tenon.agent.join.LeaseIdFile;
import dev.tenon.agent.join.Membership;
import dev.tenon.agent.join.Timers;
import dev.tenon.agent.probe.ConnectProbe;
import dev.tenon.agent.read.AgentSettings;
import dev.tenon.agent.read.ControlPlane;
import dev.tenon.agent.read.Entrant;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import java.time.Duration;
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
  public Running start(ModuleContext context) {
    AgentSettings settings =
        AgentSettings.read(context.settings(), context.settings("mesh"), context.settings("workload"));
    if (settings.joins().isEmpty()) {
      return () -> {};
    }
    Membership membership = membership(context, settings, settings.joins().get());
    if (context.succeeds()) {
      membership.succeed();
    } else {
      membership.join();
    }
    return new Member(membership, context.succeeds());
  }

  private static Membership membership(ModuleContext context, AgentSettings settings, AgentSettings.Joining joining) {
    ControlPlane controlPlane = joining.controlPlane();
    Entrant entrant = joining.entrant();
    return new Membership(
        new GrpcLine(controlPlane, context.ports().loops(), context.ports().channelType()),
        entrant,
        settings.timeToLive(),
        settings.settle(),
        new LeaseIdFile(context.stateDirectory().resolve("lease-id")),
        new ConnectProbe(context.ports().loops(), context.ports().channelType()),
        Timers.of(context.timers()),
        new Backoff(new SplittableRandom()));
  }

  /**
   * A generation that runs.
   *
   * @param succeeds whether there was one before it; then it waits for nobody to be ready
   */
  private record Member(Membership membership, boolean succeeds) implements Running {
    @Override
    public CompletionStage<Void> ready() {
      return succeeds ? CompletableFuture.completedStage(null) : membership.joined();
    }

    /** Nobody comes after: the workload leaves the mesh before its proxy stops. */
    @Override
    public CompletionStage<Void> drain(Duration deadline) {
      return membership.leave(deadline);
    }

    /** The successor holds the same lease by now. */
    @Override
    public CompletionStage<Void> handOver(Duration deadline) {
      membership.close();
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {
      membership.close();
    }
  }
}
