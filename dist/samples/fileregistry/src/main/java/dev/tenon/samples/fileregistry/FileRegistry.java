package dev.tenon.samples.fileregistry;

import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.registry.RegistryState.Kind;
import dev.tenon.spi.stream.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Services that a file lists, a line for each endpoint: {@code service namespace port address:port}.
 * Settings: {@code file}, where it lies; it is looked at twice a second.
 */
public final class FileRegistry implements Module {
  @Override
  public String name() {
    return "fileregistry";
  }

  @Override
  public Running start(ModuleContext context) {
    var settings = context.settings();
    Path file = Path.of(settings.text("file"));
    settings.finish();
    Listed listed = new Listed(file);
    context.offer(Registry.class, listed);
    context.timers().scheduleWithFixedDelay(listed::look, 0, 500, TimeUnit.MILLISECONDS);
    return listed;
  }

  /** The registry, and its run: ready once it has read the file. */
  private record Listed(Path file, Cell<Catalog> catalog, Cell<RegistryState> state, CompletableFuture<Void> read)
      implements Registry, Running {
    Listed(Path file) {
      this(file, new Cell<>(), new Cell<>(new RegistryState(Kind.STARTING, Instant.now(), "")), new CompletableFuture<>());
    }

    @Override
    public String name() {
      return "fileregistry";
    }

    void look() {
      try {
        Map<ServiceName, Service> services = new TreeMap<>();
        Files.readAllLines(file).stream().filter(line -> !line.isBlank()).forEach(line -> add(services, line.strip().split("\\s+", -1)));
        catalog.set(new Catalog(services, Map.of()));
        stands(Kind.CURRENT, "");
        read.complete(null);
      } catch (IOException | RuntimeException e) {
        stands(Kind.STALE, file + " cannot be read: " + e); // what was read last stays in force
      }
    }

    private static void add(Map<ServiceName, Service> services, String[] words) {
      ServiceName name = new ServiceName(words[0], words[1]);
      Port port = new Port(Integer.parseInt(words[2]), "http", Protocol.HTTP);
      int colon = words[3].lastIndexOf(':');
      int listens = Integer.parseInt(words[3].substring(colon + 1));
      List<Endpoint> all = new ArrayList<>(services.containsKey(name) ? services.get(name).endpoints() : List.of());
      all.add(new Endpoint(port.number(), words[3].substring(0, colon), listens, Map.of(), 1, Health.HEALTHY, Locality.NONE, ""));
      services.put(name, new Service(name, List.of(), List.of(port), Map.of(), all));
    }

    private void stands(Kind kind, String reason) {
      if (state.get().stream().noneMatch(now -> now.kind() == kind && now.reason().equals(reason))) {
        state.set(new RegistryState(kind, Instant.now(), reason));
      }
    }

    @Override
    public CompletionStage<Void> ready() {
      return read;
    }

    @Override
    public void close() {} // the kernel ends the timer and takes back the offer
  }
}
