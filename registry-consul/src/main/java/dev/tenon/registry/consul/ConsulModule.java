package dev.tenon.registry.consul;

import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.publish.ConsulRegistry;
import dev.tenon.registry.consul.watch.Datacenter;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.registry.Registry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The registry of Consul as a module. Offers a {@link Registry}; listens nowhere itself. */
public final class ConsulModule implements Module {
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
    return new Running() {
      @Override
      public CompletionStage<Void> ready() {
        return registry.whole();
      }

      @Override
      public void close() {
        datacenters.forEach(Datacenter::close);
        consul.close();
      }
    };
  }
}
