package dev.tenon.registry.vm;

import dev.tenon.registry.vm.keep.RealDisk;
import dev.tenon.spi.lifecycle.Leadership;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.registry.Registry;
import io.grpc.BindableService;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The registry of machines as a module. It has no settings, and listens nowhere itself. */
final class RegistryModule implements Module {
  @Override
  public String name() {
    return "registry-vm";
  }

  @Override
  public Running start(ModuleContext context) throws IOException {
    context.settings().finish();
    Registrar registrar =
        new Registrar(context.stateDirectory().resolve("leases"), new RealDisk(), System::nanoTime);
    try {
      registrar.start(context.timers());
    } catch (IOException | RuntimeException e) {
      registrar.close();
      throw e;
    }
    Follow follow = new Follow(context.offers(Leadership.class), registrar::lead);
    context.offer(Registry.class, registrar.registry());
    context.offer(BindableService.class, registrar.service());
    return new Running() {
      @Override
      public CompletionStage<Void> drain(Duration deadline) {
        return registrar.drain();
      }

      @Override
      public void close() {
        follow.close();
        registrar.close();
      }
    };
  }
}
