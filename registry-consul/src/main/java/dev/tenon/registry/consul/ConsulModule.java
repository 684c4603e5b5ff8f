package dev.tenon.registry.consul;

import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.configure.KeyConfig;
import dev.tenon.registry.consul.keep.LastView;
import dev.tenon.registry.consul.lead.SessionLead;
import dev.tenon.registry.consul.publish.ConsulRegistry;
import dev.tenon.registry.consul.publish.Memory;
import dev.tenon.registry.consul.register.Registrations;
import dev.tenon.registry.consul.serve.ConsulAdminService;
import dev.tenon.registry.consul.share.KeyLeases;
import dev.tenon.registry.consul.watch.Datacenter;
import dev.tenon.spi.config.ConfigSource;
import dev.tenon.spi.lifecycle.Leadership;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.registry.LeaseStore;
import dev.tenon.spi.registry.Registry;
import io.grpc.BindableService;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Consul as a module: a {@link Registry}, a {@link LeaseStore}, and a {@link ConfigSource} and a {@link Leadership} as
 * far as the settings ask for them. It listens nowhere itself.
 */
public final class ConsulModule implements Module {
  /** How long Consul is waited for at the start before what it said last is taken. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @Override
  public String name() {
    return "registry-consul";
  }

  @Override
  public Running start(ModuleContext context) throws IOException {
    Settings settings = Settings.read(context.settings());
    ConsulRegistry registry = new ConsulRegistry(settings.wishes());
    Consul consul = new Consul(settings.agent(), settings.habits().longest(), settings.answerLimit());
    List<Datacenter> datacenters = settings.wishes().datacenters().stream()
        .map(each -> Datacenter.follow(each, consul, settings.habits(), registry)).toList();
    context.offer(Registry.class, registry);
    context.offer(BindableService.class, new ConsulAdminService(consul));
    List<Runnable> others = new ArrayList<>();
    Memory memory = new Memory(new LastView(context.stateDirectory().resolve("last-view.json"), settings.agent().address()), registry);
    memory.start(context.timers());
    others.add(memory::close);
    if (!context.succeeds()) {
      memory.recallAfter(PATIENCE, context.timers());
    }
    settings.configuration().ifPresent(prefix -> {
      KeyConfig config = KeyConfig.follow(consul, prefix, settings.habits().longest());
      context.offer(ConfigSource.class, config);
      others.add(config::close);
    });
    settings.leadership().ifPresent(key -> {
      SessionLead lead = SessionLead.stand(consul, key, who(context), context.timers());
      context.offer(Leadership.class, lead);
      others.add(lead::close);
    });
    KeyLeases leases = new KeyLeases(consul, settings.leases(), who(context), settings.habits().longest(), context.stateDirectory().resolve("lease-session"));
    context.offer(LeaseStore.class, leases);
    others.add(leases::close);
    Optional<Registrations> registrations = settings.register()
        ? Optional.of(new Registrations(consul, registry.name(), context.settings("mesh").text("domain", "cluster.local"), context.offers(Registry.class)))
        : Optional.empty();
    registrations.ifPresent(each -> others.add(each::close));
    return new Running() {
      // Removed, or the process ends: what was registered is taken back.
      @Override
      public CompletionStage<Void> drain(Duration deadline) {
        leases.ends();
        return CompletableFuture.runAsync(() -> registrations.ifPresent(Registrations::withdraw), task -> Thread.ofVirtual().name("consul-withdraw").start(task));
      }

      // The next generation registers the same under the same ids, and goes on with the session that holds the leases.
      @Override
      public CompletionStage<Void> handOver(Duration deadline) {
        return CompletableFuture.completedStage(null);
      }

      @Override
      public CompletionStage<Void> ready() {
        return registry.whole();
      }

      @Override
      public void close() {
        others.forEach(Runnable::run);
        datacenters.forEach(Datacenter::close);
        consul.close();
      }
    };
  }

  /** What this replica calls itself: what proxies know it by, and its process. */
  private static String who(ModuleContext context) {
    return context.settings("mesh").text("controlPlane", "a control plane") + " (process " + ProcessHandle.current().pid() + ")";
  }
}
