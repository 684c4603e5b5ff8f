package dev.tenon.pilot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.pilot.support.Town;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.lifecycle.Arrivals;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.lifecycle.ProcessInfo;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.policy.Whereabouts;
import dev.tenon.spi.ports.Ports;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import io.grpc.BindableService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The module as the kernel sees it. */
class PilotModuleTest {
  private static final Position AT = Position.of("test");
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final Kernel kernel = new Kernel(timers);

  @AfterEach
  void close() {
    timers.shutdownNow();
  }

  /** A kernel with one registry and rules. */
  private static final class Kernel implements ModuleContext {
    final Cell<Catalog> catalog = new Cell<>();
    final List<String> offered = new ArrayList<>();
    final Map<String, Node.Mapping> sections = new LinkedHashMap<>();
    private final ScheduledExecutorService timers;

    Kernel(ScheduledExecutorService timers) {
      this.timers = timers;
    }

    void say(String section, String field, Node value) {
      sections.put(section, new Node.Mapping(new LinkedHashMap<>(Map.of(field, value)), AT));
    }

    @Override
    public ProcessInfo process() {
      return new ProcessInfo("control-plane", "0");
    }

    @Override
    public String build() {
      return "0+test";
    }

    @Override
    public Fields settings() {
      return settings("pilot");
    }

    @Override
    public Fields settings(String section) {
      return Fields.of(sections.getOrDefault(section, Node.Mapping.empty(AT)), section);
    }

    @Override
    public Path stateDirectory() {
      throw new UnsupportedOperationException("pilot keeps nothing");
    }

    @Override
    public <T> void offer(Class<T> type, T service) {
      if (service instanceof BindableService bindable) {
        offered.add(bindable.bindService().getServiceDescriptor().getName());
      } else {
        assertThat(type).isEqualTo(Whereabouts.class);
      }
    }

    @Override
    @SuppressWarnings("unchecked") // the list holds what the type says
    public <T> Source<List<Offer<T>>> offers(Class<T> type) {
      if (type.equals(Arrivals.class)) {
        return new Cell<>(List.of());
      }
      Object service =
          type.equals(Registry.class)
              ? new Registry() {
                @Override
                public String name() {
                  return "vm";
                }

                @Override
                public Source<Catalog> catalog() {
                  return catalog;
                }

                @Override
                public Source<RegistryState> state() {
                  return new Cell<>(new RegistryState(RegistryState.Kind.CURRENT, Instant.EPOCH, ""));
                }
              }
              : (Rules) () -> new Cell<>(new Town().rules());
      return new Cell<>(List.of(new Offer<>("test", "0", (T) service)));
    }

    @Override
    public Ports ports() {
      throw new UnsupportedOperationException("pilot listens nowhere");
    }

    @Override
    public ScheduledExecutorService timers() {
      return timers;
    }
  }

  @Test
  void itIsReadyOnceThereIsAMeshAndOffersDiscoveryAndStatus() throws Exception {
    try (Running pilot = new PilotModule().start(kernel)) {
      assertThat(kernel.offered)
          .containsExactly(
              "envoy.service.discovery.v3.AggregatedDiscoveryService", "dev.tenon.admin.v1.MeshAdmin");
      assertThat(pilot.ready().toCompletableFuture()).isNotDone();
      kernel.catalog.set(Town.bookinfo().inputs().catalogs().values().iterator().next());
      pilot.ready().toCompletableFuture().get(90, TimeUnit.SECONDS);
      assertThat(pilot.drain(Duration.ofSeconds(1)).toCompletableFuture()).isDone();
      pilot.close();
    }
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    kernel.say("pilot", "registers", new Node.Text("vm", AT));
    assertThatThrownBy(() -> new PilotModule().start(kernel))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("registers");
    kernel.sections.clear();
    kernel.say("pilot", "panicThreshold", new Node.Numeric(101, AT));
    assertThatThrownBy(() -> new PilotModule().start(kernel))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("panicThreshold");
    kernel.sections.clear();
    kernel.say("mesh", "domain", new Node.Text("Not a domain", AT));
    assertThatThrownBy(() -> new PilotModule().start(kernel))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("domain");
  }
}
