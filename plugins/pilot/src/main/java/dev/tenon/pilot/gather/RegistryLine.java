package dev.tenon.pilot.gather;

import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.stream.Subscription;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one registry, by name: it outlives the object that offers it. The last catalog
 * stays when the registry goes away, and until its successor has a whole one. Guarded by its owner.
 */
final class RegistryLine {
  private final String name;
  private final Gatherer owner;
  private @Nullable Registry registry;
  private @Nullable Subscription catalogs;
  private @Nullable Subscription states;
  private @Nullable Catalog catalog;
  private RegistryState state = new RegistryState(RegistryState.Kind.STARTING, Instant.now(), "");

  RegistryLine(String name, Gatherer owner) {
    this.name = name;
    this.owner = owner;
  }

  /** Whether a registry is there, and is this one. */
  boolean holds(Registry candidate) {
    return registry != null && registry.equals(candidate);
  }

  boolean isOffered() {
    return registry != null;
  }

  /** Listens to a registry, in place of the one before. */
  void connect(Registry next) {
    disconnect("");
    registry = next;
    states = next.state().subscribe(value -> owner.change(() -> see(next, value)));
    catalogs = next.catalog().subscribe(value -> owner.change(() -> see(next, value)));
  }

  /** Lets go of the registry and keeps what it said. */
  void disconnect(String reason) {
    if (catalogs != null) {
      catalogs.close();
      catalogs = null;
    }
    if (states != null) {
      states.close();
      states = null;
    }
    registry = null;
    if (!reason.isEmpty()) {
      state = new RegistryState(RegistryState.Kind.STALE, Instant.now(), reason);
    }
  }

  private void see(Registry from, Catalog value) {
    if (holds(from)) {
      catalog = value;
    }
  }

  private void see(Registry from, RegistryState value) {
    if (holds(from)) {
      state = value;
    }
  }

  @Nullable Catalog catalog() {
    return catalog;
  }

  RegistryView view() {
    Catalog known = catalog == null ? Catalog.EMPTY : catalog;
    return new RegistryView(name, state, known.services().size(), known.workloads().size());
  }
}
