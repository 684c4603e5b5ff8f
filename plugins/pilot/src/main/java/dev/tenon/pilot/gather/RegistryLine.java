package dev.tenon.pilot.gather;

import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.registry.RegistryState.Kind;
import dev.tenon.spi.stream.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one registry, by name: it outlives the object that offers it. The last catalog
 * stays when the registry goes away, until its successor has a whole one, while it flaps, and when it
 * throws at whoever listens: then it is left alone until another takes its place. Guarded by its owner.
 */
final class RegistryLine {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryLine.class);

  private final String name;
  private final Gatherer owner;
  private final Later later;
  private final Damper damper = new Damper();
  private @Nullable Registry registry;
  private @Nullable Subscription catalogs;
  private @Nullable Subscription states;
  private @Nullable Catalog catalog;
  private @Nullable Catalog held;
  private boolean waits;
  private boolean connecting;
  private @Nullable Catalog first;
  private boolean quarantined;
  private long losses;
  private RegistryState state;

  RegistryLine(String name, Gatherer owner, Later later) {
    this.name = name;
    this.owner = owner;
    this.later = later;
    this.state = new RegistryState(Kind.STARTING, later.now(), "");
  }

  /** Whether a registry is there, and is this one. */
  boolean holds(Registry candidate) {
    return registry != null && registry.equals(candidate);
  }

  boolean isOffered() {
    return registry != null;
  }

  /** Whether a first catalog may still come of its own. */
  boolean isAwaited() {
    return registry != null && catalog == null && held == null && !quarantined;
  }

  /** Listens to a registry, in place of the one before. */
  void connect(Registry next) {
    disconnect("");
    registry = next;
    quarantined = false;
    try {
      // A registry may lock itself for whoever asks for its catalog, and tell of its state in that lock: nobody who has our lock
      // and waits for the other may be among those whom it tells. What the catalog was is looked at when the state is known.
      connecting = true;
      catalogs = next.catalog().subscribe(value -> owner.change(() -> see(next, value)));
      states = next.state().subscribe(value -> owner.change(() -> see(next, value)));
      connecting = false;
      Catalog begins = first;
      first = null;
      if (begins != null) {
        see(next, begins);
      }
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.warn("registry {} throws at whoever listens; it is left alone until another takes its place", name, e);
      unsubscribe();
      quarantined = true;
      lose("quarantined, since it threw " + e.getClass().getSimpleName() + ": " + e.getMessage()
          + "; replace its module, what it said last stays");
    } finally {
      connecting = false;
      first = null;
    }
  }

  /** Lets go of the registry and keeps what it said. */
  void disconnect(String reason) {
    unsubscribe();
    registry = null;
    if (!reason.isEmpty()) {
      lose(reason);
    }
  }

  private void unsubscribe() {
    if (catalogs != null) {
      catalogs.close();
      catalogs = null;
    }
    if (states != null) {
      states.close();
      states = null;
    }
  }

  private void lose(String reason) {
    turn(new RegistryState(Kind.STALE, later.now(), reason));
  }

  private void turn(RegistryState next) {
    if (next.kind() == Kind.STALE && state.kind() != Kind.STALE) {
      losses++;
      damper.lost(later.now());
    } else if (next.kind() != Kind.STALE && state.kind() == Kind.STALE) {
      damper.returned(later.now());
    }
    state = next;
  }

  private void see(Registry from, Catalog value) {
    if (!holds(from)) {
      return;
    }
    if (connecting) {
      first = value;
      return;
    }
    Optional<Instant> until = damper.until(later.now());
    if (catalog == null || until.isEmpty()) {
      catalog = value;
      held = null;
    } else {
      held = value;
      wait(until.get());
    }
  }

  private void wait(Instant until) {
    if (!waits) {
      waits = true;
      LOG.warn("registry {} flaps; what it says is held back until it is steady", name);
      later.after(Duration.between(later.now(), until), () -> owner.change(this::release));
    }
  }

  private void release() {
    waits = false;
    Optional<Instant> until = damper.until(later.now());
    if (held != null && until.isPresent()) {
      waits = true;
      later.after(Duration.between(later.now(), until.get()), () -> owner.change(this::release));
    } else if (held != null) {
      catalog = held;
      held = null;
    }
  }

  private void see(Registry from, RegistryState value) {
    if (holds(from)) {
      turn(value);
    }
  }

  @Nullable Catalog catalog() {
    return catalog;
  }

  RegistryView view() {
    Catalog known = catalog == null ? Catalog.EMPTY : catalog;
    return new RegistryView(
        name, state, known.services().size(), known.workloads().size(), losses, damper.until(later.now()));
  }
}
