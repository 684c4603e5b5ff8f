package dev.tenon.proxy;

import dev.tenon.proxy.live.Feed;
import dev.tenon.proxy.live.Live;
import dev.tenon.proxy.live.Offered;
import dev.tenon.proxy.plug.Plugs;
import dev.tenon.proxy.report.Telemetry;
import dev.tenon.proxy.serve.Lanes;
import dev.tenon.proxy.serve.Outfit;
import dev.tenon.proxy.report.Inheritance;
import dev.tenon.proxy.subscribe.Link;
import dev.tenon.proxy.subscribe.NodeIdentity;
import dev.tenon.proxy.warm.WarmUp;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.lifecycle.Carry;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.policy.Whereabouts;
import dev.tenon.spi.ports.Ports;
import dev.tenon.spi.telemetry.MetricSource;
import dev.tenon.spi.telemetry.SinkFactory;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Makes a generation of the proxy of the process's configuration. */
final class ProxyModule implements Module {
  @Override
  public String name() {
    return "proxy";
  }

  @Override
  public Running start(ModuleContext context) throws Exception {
    Fields own = context.settings();
    Fields mesh = context.settings("mesh");
    Fields workload = context.settings("workload");
    NodeIdentity node = NodeIdentity.read(context.process(), workload, mesh, own);
    Settings settings = Settings.read(own, mesh, workload);
    Live live = new Live();
    Ports ports = context.ports();
    Guards guards = context.guards();
    Lanes lanes = new Lanes();
    Plugs plugs = Plugs.of(() -> guards, settings.plugLimits(), lanes);
    Telemetry telemetry =
        settings.telemetry().isEmpty() ? null : new Telemetry(settings.telemetry(), () -> guards, context.timers());
    Feed feed =
        new Feed(
            new Link.Peer(
                settings.controlPlane().orElseThrow(() -> missingControlPlane()), ports.loops(), ports.channelType(),
                settings.credential()),
            node,
            live,
            ports.eachLoop(),
            context.timers(),
            Offered.of(context),
            plugs);
    // <run>/state/proxy is ours; logs lie beside all states.
    String usualLog = context.stateDirectory().resolve("../../logs/access.log").normalize().toString();
    DataPlane.Options options =
        new DataPlane.Options(
            settings.admin(),
            settings.accessLog().orElse(usualLog),
            settings.buildHeader() ? context.build() : "",
            node.name(),
            node.namespace(),
            node.labels().getOrDefault("app", node.name()));
    Foreign foreign = new Foreign(context.offers(MetricSource.class));
    DataPlane plane =
        new DataPlane(
            ports,
            live,
            context.timers(),
            options,
            lanes,
            new Outfit(plugs, node.locality(), telemetry),
            new PageSources(feed::dump, guards::hung, guards::usage, foreign::families));
    try {
      plane.start();
      feed.start();
      if (telemetry != null) {
        telemetry.start(context.offers(SinkFactory.class), plane::figures);
      }
    } catch (Exception e) {
      foreign.close();
      feed.close();
      plane.close();
      throw e;
    }
    context.offer(Whereabouts.class, new Arriving(live, node.namespace() + "/" + node.name()));
    return new Generation(feed, plane, foreign, telemetry);
  }

  private static IllegalArgumentException missingControlPlane() {
    return new IllegalArgumentException(
        "mesh.controlPlane is required: the control plane's address:port, like 127.0.0.1:15010");
  }

  /** A generation that runs. */
  private record Generation(Feed feed, DataPlane plane, Foreign foreign, @Nullable Telemetry telemetry) implements Running, Carry {
    @Override
    public CompletionStage<Void> ready() {
      return plane.ready();
    }

    @Override
    public OptionalLong cost(Duration deadline) {
      try {
        return OptionalLong.of(WarmUp.cost(deadline));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return OptionalLong.empty();
      }
    }

    @Override
    public String warm(OptionalLong goal, Duration deadline) throws InterruptedException {
      return WarmUp.run(goal, deadline);
    }

    @Override
    public String form() {
      return Inheritance.FORM;
    }

    @Override
    public Map<String, Object> give() {
      return plane.giveCounters().toCompletableFuture().join();
    }

    @Override
    public void take(String form, Map<String, Object> piece) {
      plane.takeCounters(piece);
    }

    @Override
    public CompletionStage<Void> drain(Duration deadline) {
      return plane.drain();
    }

    /** The application calls out while what callers sent is finished. */
    @Override
    public boolean endsListeningItself() {
      return true;
    }

    @Override
    public CompletionStage<Void> handOver(Duration deadline) {
      return plane.handOver();
    }

    @Override
    public void close() {
      feed.close();
      plane.close();
      foreign.close();
      if (telemetry != null) {
        telemetry.close();
      }
    }
  }
}
