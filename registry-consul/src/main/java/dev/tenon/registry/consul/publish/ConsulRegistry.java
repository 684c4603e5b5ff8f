package dev.tenon.registry.consul.publish;

import dev.tenon.registry.consul.convert.Wishes;
import dev.tenon.registry.consul.keep.LastView;
import dev.tenon.registry.consul.read.Instance;
import dev.tenon.registry.consul.watch.Datacenter;
import dev.tenon.registry.consul.watch.Datacenter.Standing;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consul as the mesh sees it. There is no catalog before the first data centre is known whole; the
 * others join when they are. Thread-safe.
 */
public final class ConsulRegistry implements Registry, Datacenter.Listener {
  private static final Logger log = LoggerFactory.getLogger(ConsulRegistry.class);
  private static final int MOST_WARNINGS = 1_000;

  private final Wishes wishes;
  private final CatalogBuilder builder;
  private final Cell<Catalog> catalog = new Cell<>();
  private final Cell<RegistryState> state =
      new Cell<>(new RegistryState(RegistryState.Kind.STARTING, Instant.now(), "waits for Consul's first answers"));
  private final CompletableFuture<Void> whole = new CompletableFuture<>();
  private final Map<String, Standing> standings = new TreeMap<>();
  private final Set<String> warned = new HashSet<>();
  private final Map<String, Set<String>> recalled = new HashMap<>();
  private Instant recalledFrom = Instant.EPOCH;
  private final long made = System.nanoTime();
  private boolean first;
  private long changes;

  public ConsulRegistry(Wishes wishes) {
    this.wishes = wishes;
    this.builder = new CatalogBuilder(wishes);
  }

  @Override
  public String name() {
    return "consul";
  }

  @Override
  public Source<Catalog> catalog() {
    return catalog;
  }

  @Override
  public Source<RegistryState> state() {
    return state;
  }

  /** Done when there is a catalog. */
  public CompletionStage<Void> whole() {
    return whole.minimalCompletionStage();
  }

  /** Counts up with each change that Consul told. */
  synchronized long changes() {
    return changes;
  }

  /** Everything that is known, by data centre and service. */
  synchronized Map<String, Map<String, List<Instance>>> known() {
    return builder.known();
  }

  /** Begins with what was known before a restart, unless Consul has spoken already. */
  synchronized void recall(LastView.View view) {
    if (first) {
      return;
    }
    recalledFrom = Instant.ofEpochMilli(view.millis());
    view.instances().forEach((datacenter, instances) -> {
      if (wishes.datacenters().contains(datacenter)) {
        recalled.put(datacenter, Set.copyOf(instances.keySet()));
        builder.put(datacenter, instances);
      }
    });
    if (recalled.containsKey(wishes.datacenters().getFirst())) {
      log.warn("Consul has not answered; its services are those of {}", recalledFrom);
      first = true;
      catalog.set(builder.build());
      say();
      whole.complete(null);
    }
  }

  @Override
  public synchronized void changed(String datacenter, Map<String, List<Instance>> instances) {
    Set<String> before = recalled.remove(datacenter);
    if (before != null) {
      // The first word of Consul is everything: what it lacks is gone.
      Map<String, List<Instance>> gone = new HashMap<>();
      before.stream().filter(each -> !instances.containsKey(each)).forEach(each -> gone.put(each, List.of()));
      builder.put(datacenter, gone);
    }
    changes++;
    builder.put(datacenter, instances);
    if (!first && datacenter.equals(wishes.datacenters().getFirst())) {
      first = true;
      log.info("Consul's catalog is whole after {} ms: {} services", Duration.ofNanos(System.nanoTime() - made).toMillis(), instances.size());
    }
    if (first) {
      warn();
      catalog.set(builder.build());
      say();
      whole.complete(null);
    }
  }

  @Override
  public synchronized void state(String datacenter, Standing standing) {
    if (standing.lost()) {
      log.warn("Consul{}: {}", datacenter.isEmpty() ? "" : " in " + datacenter, standing.reason());
    }
    standings.put(datacenter, standing);
    say();
  }

  private void warn() {
    if (warned.size() > MOST_WARNINGS) {
      warned.clear();
    }
    builder.refused().filter(warned::add).forEach(log::warn);
  }

  private void say() {
    boolean lost = !recalled.isEmpty() || standings.values().stream().anyMatch(Standing::lost);
    String away = recalled.isEmpty() ? "" : "Consul has not answered since the start, its services are those of " + recalledFrom;
    String reason = away + (away.isEmpty() || standings.values().stream().allMatch(each -> each.reason().isEmpty()) ? "" : "; ") + standings.entrySet().stream().filter(each -> !each.getValue().reason().isEmpty())
        .map(each -> (each.getKey().isEmpty() ? "" : each.getKey() + ": ") + each.getValue().reason()).collect(Collectors.joining("; "));
    if (reason.isEmpty()) {
      List<String> refused = builder.refused().limit(MOST_WARNINGS).toList();
      reason = refused.isEmpty() ? "" : refused.getFirst() + (refused.size() == 1 ? "" : " (and " + (refused.size() - 1) + " more)");
    }
    RegistryState.Kind kind =
        !first ? RegistryState.Kind.STARTING : lost ? RegistryState.Kind.STALE : RegistryState.Kind.CURRENT;
    RegistryState before = state.get().orElseThrow();
    Instant since = before.kind() == kind ? before.since() : Instant.now();
    state.set(new RegistryState(kind, since, reason));
  }
}
