package dev.tenon.registry.vm.publish;

import dev.tenon.registry.vm.accept.Groups;
import dev.tenon.registry.vm.accept.Presence;
import dev.tenon.registry.vm.accept.Registrant;
import dev.tenon.registry.vm.accept.Roster;
import dev.tenon.registry.vm.lease.Change;
import dev.tenon.registry.vm.lease.Lease;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.registry.RegistryState;
import dev.tenon.spi.rules.WorkloadGroup;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.workload.ReadinessProbe;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry as the mesh sees it. There is no catalog before the first {@link #replace}.
 *
 * <p>Thread-safe; a catalog is passed on by the thread that changes it.
 */
public final class VmRegistry implements Registry, Groups, Roster {
  private static final Logger LOG = LoggerFactory.getLogger(VmRegistry.class);

  private final CatalogBuilder builder = new CatalogBuilder();
  private final Cell<Catalog> catalog = new Cell<>();
  private final Cell<RegistryState> state;
  private final InstantSource time;
  private final Runnable beforeSubscription;
  private volatile Map<String, WorkloadGroup> groups = Map.of();
  private volatile String trouble = "";
  private volatile String remark = "";
  private final Map<String, Standing> standings = new HashMap<>();

  /** What is known of a lease beside who holds it. */
  private record Standing(boolean standing, Instant since) {}

  /**
   * A registry without a catalog.
   *
   * @param beforeSubscription called before each new subscriber is served, so that it can be given
   *     what is true now
   */
  public VmRegistry(InstantSource time, Runnable beforeSubscription) {
    this.time = time;
    this.beforeSubscription = beforeSubscription;
    this.state = new Cell<>(new RegistryState(RegistryState.Kind.STARTING, time.instant(), ""));
  }

  @Override
  public String name() {
    return "vm";
  }

  @Override
  public Source<Catalog> catalog() {
    return subscriber -> {
      beforeSubscription.run();
      return catalog.subscribe(subscriber);
    };
  }

  @Override
  public Source<RegistryState> state() {
    return state;
  }

  /** Everything that is registered, whatever was before. */
  public synchronized void replace(Collection<Lease> leases) {
    Set<String> gone = new HashSet<>(builder.keys());
    for (Lease lease : leases) {
      gone.remove(lease.key());
      put(lease);
    }
    gone.forEach(this::remove);
    publish();
    if (state.get().filter(now -> now.kind() == RegistryState.Kind.STARTING).isPresent()) {
      trouble("");
    }
  }

  /** What changed since. */
  public synchronized void apply(Collection<Change> changes) {
    for (Change change : changes) {
      switch (change) {
        case Change.Put(Lease lease) -> put(lease);
        case Change.Removed(String key) -> remove(key);
      }
    }
    publish();
  }

  private void put(Lease lease) {
    Standing before = standings.get(lease.key());
    standings.put(lease.key(), new Standing(lease.standing(), before == null ? time.instant() : before.since()));
    builder.put(lease.registrant());
  }

  private void remove(String key) {
    standings.remove(key);
    builder.remove(key);
  }

  /** The WorkloadGroups as they are now. */
  public synchronized void groups(Map<String, WorkloadGroup> now) {
    groups = Map.copyOf(now);
    if (builder.groups(groups)) {
      publish();
    }
  }

  @Override
  public Optional<ReadinessProbe> probe(String key) {
    return Optional.ofNullable(groups.get(key)).flatMap(WorkloadGroup::probe);
  }

  @Override
  public synchronized List<Presence> present() {
    return standings.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> {
          Registrant filled = builder.filled(each.getKey());
          Map<String, String> annotations = Optional.ofNullable(groups.get(filled.groupKey())).map(WorkloadGroup::annotations).orElse(Map.of());
          return new Presence(filled, annotations, each.getValue().standing(), each.getValue().since());
        })
        .toList();
  }

  /** Says one line to whoever asks how the registry is; an empty one when all is well. */
  public void trouble(String reason) {
    boolean starting = state.get().filter(now -> now.kind() == RegistryState.Kind.STARTING).isPresent();
    if (starting && catalog.get().isEmpty()) {
      return;
    }
    trouble = reason;
    say();
  }

  /** What an operator should know though nothing is in the way of the registry now; said while there is no trouble. */
  public void remark(String text) {
    remark = text;
    if (state.get().filter(now -> now.kind() == RegistryState.Kind.CURRENT).isPresent()) {
      say();
    }
  }

  private void say() {
    String reason = trouble.isEmpty() ? remark : trouble;
    if (state.get().filter(now -> now.kind() == RegistryState.Kind.CURRENT && now.reason().equals(reason)).isEmpty()) {
      state.set(new RegistryState(RegistryState.Kind.CURRENT, time.instant(), reason));
    }
  }

  /** Says why there is no catalog yet. */
  public void waits(String reason) {
    state.set(new RegistryState(RegistryState.Kind.STARTING, time.instant(), reason));
  }

  private void publish() {
    CatalogBuilder.Built built = builder.build();
    built.warnings().forEach(LOG::warn);
    catalog.set(built.catalog());
  }
}
