package dev.tenon.registry.vm;

import dev.tenon.registry.vm.keep.RealDisk;
import dev.tenon.registry.vm.keep.SharedLeases;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.LiveObjects;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.config.TextParser;
import dev.tenon.spi.lifecycle.Leadership;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.registry.LeaseStore;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Source;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The registry of machines as a module. It listens nowhere itself. */
final class RegistryModule implements Module {
  @Override
  public String name() {
    return "registry-vm";
  }

  @Override
  public Running start(ModuleContext context) throws IOException {
    Optional<SharedLeases> shared = store(context.settings()).map(SharedLeases::new);
    Path directory = context.stateDirectory().resolve("leases");
    Registrar registrar = shared.isPresent() ? new Registrar(directory, shared.get(), System::nanoTime)
        : new Registrar(directory, new RealDisk(), System::nanoTime);
    try {
      registrar.start(context.timers());
    } catch (IOException | RuntimeException e) {
      registrar.close();
      throw e;
    }
    Follow<?, ?> leader = leader(context.offers(Leadership.class), registrar);
    Optional<Follow<?, ?>> leases = shared.map(each -> leases(context.offers(LeaseStore.class), each, registrar));
    Present<TextParser> parser = new Present<>(context.offers(TextParser.class));
    Templates templates = new Templates(context.offers(Rules.class), registrar::groups);
    context.offer(Registry.class, registrar.registry());
    context.offer(LiveObjects.class, registrar.entries());
    context.offer(BindableService.class, registrar.service());
    context.offer(BindableService.class, registrar.administration(parser::get));
    return new Running() {
      // At the start of a process the store's module comes later.
      @Override
      public CompletionStage<Void> ready() {
        return context.succeeds() ? registrar.whole() : CompletableFuture.completedStage(null);
      }

      @Override
      public CompletionStage<Void> drain(Duration deadline) {
        return registrar.drain();
      }

      @Override
      public void close() {
        leader.close();
        leases.ifPresent(Follow::close);
        templates.close();
        parser.close();
        registrar.close();
      }
    };
  }

  /** The store that leases are kept in; files of this module's own when empty. */
  private static Optional<String> store(Fields settings) {
    Optional<String> name = settings.optionalText("leases").filter(each -> !each.equals("files"));
    name.filter(each -> !Names.isDnsLabel(each))
        .ifPresent(each -> settings.error("leases", "\"" + each + "\" should be files, or the name of a store such as consul"));
    settings.finish();
    return name;
  }

  /** Where nobody can tell who leads, this one does; nobody leads before a new one has said so. */
  static Follow<?, ?> leader(Source<List<Offer<Leadership>>> offers, Registrar registrar) {
    return new Follow<>(offers, _ -> true, Leadership::lead, present -> registrar.lead(present.isEmpty()), each -> registrar.lead(each.ours()));
  }

  static Follow<?, ?> leases(Source<List<Offer<LeaseStore>>> offers, SharedLeases shared, Registrar registrar) {
    return new Follow<>(offers, each -> each.name().equals(shared.name()), LeaseStore::view, present -> shared.use(present.orElse(null)), registrar::seen);
  }
}
