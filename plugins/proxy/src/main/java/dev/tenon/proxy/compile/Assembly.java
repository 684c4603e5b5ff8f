package dev.tenon.proxy.compile;

import dev.tenon.proxy.plug.PlugSpec;
import dev.tenon.proxy.plug.Plugs;
import dev.tenon.proxy.subscribe.Intake;
import dev.tenon.proxy.subscribe.Kind;
import dev.tenon.proxy.subscribe.Rejection;
import dev.tenon.proxy.subscribe.Resource;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.rules.PolicyRules;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Puts resources together, in whatever order they come, into tables in which everything that is led
 * to is there: clusters when their endpoints are known, route tables when their clusters are, listeners
 * when their routes are. A change costs work for what it touches.
 *
 * <p>Not thread-safe; knows no sockets and no timers: whoever owns it asks for a table after a change
 * and calls {@link #tick} while it {@link #waits}.
 */
public final class Assembly implements Intake {
  private final InstantSource clock;
  private final Plugs plugs;
  private final Inventory<ClusterDraft> clusters =
      new Inventory<>(ClusterCompiler::compile, draft -> draft.spec().name(), 20_000);
  private final Inventory<Assignment> assignments =
      new Inventory<>(EndpointsCompiler::compile, Assignment::name, 20_000);
  private final Inventory<ListenerSpec> listeners =
      new Inventory<>(ListenerCompiler::compile, ListenerSpec::name, 1_000);
  private final Inventory<RouteTable> routes = new Inventory<>(RouteCompiler::compile, RouteTable::name, 2_000);
  private final Inventory<PolicyRules> policies = new Inventory<>(PolicyReader::read, PolicyRules::namespace, 10_000);
  private final Inventory<Workload> workloads =
      new Inventory<>(WorkloadReader::read, each -> each.network() + "/" + each.address(), 200_000);

  private final WarmClusters warm = new WarmClusters(assignments::value);
  private final Part<ListenerSpec> liveListeners = new Part<>();
  private final Part<RouteTable> liveTables = new Part<>();
  private final Part<Workload> livingThere = new Part<>();
  private final Set<String> pendingTables = new HashSet<>();
  private final Set<String> pendingListeners = new HashSet<>();
  private final PolicyBench bench = new PolicyBench();
  private final Set<Kind> answered = EnumSet.noneOf(Kind.class);
  private Set<String> wantedAssignments = Set.of();
  private Set<String> wantedTables = Set.of();
  private boolean news;

  /**
   * Nothing received yet.
   *
   * @param plugs where plug-ins are wanted that resources ask for
   */
  public Assembly(InstantSource clock, Plugs plugs) {
    this.clock = clock;
    this.plugs = plugs;
  }

  @Override
  public List<Rejection> receive(Kind kind, List<Resource> changed, List<String> removed) {
    Instant now = clock.instant();
    news |= answered.add(kind);
    List<Rejection> rejections =
        switch (kind) {
          case CLUSTERS -> clusters(changed, removed, now);
          case ENDPOINTS -> assignments(changed, removed, now);
          case LISTENERS -> listeners(changed, removed, now);
          case ROUTES -> routes(changed, removed, now);
          case POLICIES -> policies(changed, removed, now);
          case WORKLOADS -> workloads(changed, removed, now);
        };
    settle(now);
    return rejections;
  }

  private List<Rejection> clusters(List<Resource> changed, List<String> removed, Instant now) {
    List<Rejection> rejections = put(clusters, changed, now, this::refusal, draft -> warm.settle(draft, now));
    if (!removed.isEmpty()) {
      Set<String> ledTo = ledTo();
      for (String name : removed) {
        if (clusters.remove(name)) {
          warm.remove(name, ledTo.contains(name), now);
        }
      }
    }
    Set<String> wanted = new HashSet<>();
    clusters.held().values().forEach(each -> each.value().assignment().ifPresent(wanted::add));
    wantedAssignments = Set.copyOf(wanted);
    assignments.retain(wantedAssignments);
    warm.retainAssignments(wantedAssignments);
    return rejections;
  }

  private List<Rejection> assignments(List<Resource> changed, List<String> removed, Instant now) {
    Set<String> touched = new HashSet<>(removed);
    List<Rejection> rejections = put(assignments, changed, now, no -> Optional.empty(), assignment -> touched.add(assignment.name()));
    for (String name : removed) {
      assignments.remove(name);
      warm.absent(name);
    }
    assignments.retain(wantedAssignments);
    warm.retainAssignments(wantedAssignments);
    for (Inventory.Held<ClusterDraft> each : clusters.held().values()) {
      if (each.value().assignment().filter(touched::contains).isPresent()) {
        warm.settle(each.value(), now);
      }
    }
    return rejections;
  }

  private List<Rejection> listeners(List<Resource> changed, List<String> removed, Instant now) {
    List<Rejection> rejections =
        put(listeners, changed, now, this::refusal, listener -> pendingListeners.add(listener.name()));
    for (String name : removed) {
      listeners.remove(name);
      pendingListeners.remove(name);
      liveListeners.remove(name);
    }
    return rejections;
  }

  private List<Rejection> routes(List<Resource> changed, List<String> removed, Instant now) {
    List<Rejection> rejections = put(routes, changed, now, no -> Optional.empty(), table -> pendingTables.add(table.name()));
    for (String name : removed) {
      // A listener that still leads to it goes on with what it has, as in Envoy.
      routes.remove(name);
      pendingTables.remove(name);
    }
    return rejections;
  }

  private List<Rejection> policies(List<Resource> changed, List<String> removed, Instant now) {
    List<Rejection> rejections = new ArrayList<>();
    for (Resource resource : changed) {
      Rejection rejection = policies.put(resource, now, bench::accept);
      if (rejection != null) {
        rejections.add(rejection);
      }
    }
    for (String name : removed) {
      policies.remove(name);
      bench.drop(name);
    }
    return rejections;
  }

  private List<Rejection> workloads(List<Resource> changed, List<String> removed, Instant now) {
    List<Rejection> rejections =
        put(workloads, changed, now, no -> Optional.empty(), each -> livingThere.put(each.network() + "/" + each.address(), each));
    for (String name : removed) {
      workloads.remove(name);
      livingThere.remove(name);
    }
    return rejections;
  }

  /** Puts resources into an inventory, and tells of each that is new there. */
  @SuppressWarnings("ReferenceEquality") // an unchanged resource keeps its object
  private static <T> List<Rejection> put(
      Inventory<T> inventory,
      List<Resource> changed,
      Instant now,
      Function<T, Optional<Rejection>> check,
      Consumer<T> accepted) {
    List<Rejection> rejections = new ArrayList<>();
    for (Resource resource : changed) {
      T before = inventory.value(resource.name());
      Rejection rejection = inventory.put(resource, now, check);
      T after = inventory.value(resource.name());
      if (rejection != null) {
        rejections.add(rejection);
      } else if (after != null && after != before) {
        accepted.accept(after);
      }
    }
    return rejections;
  }

  /** What installed plug-ins say to the configuration that a listener has for them. */
  private Optional<Rejection> refusal(ListenerSpec listener) {
    return listener.http().filters().plugs()
        .flatMap(plug -> plugs.filters().want(plug).stream())
        .findFirst()
        .map(reason -> new Rejection(listener.name(), "http_filters", reason));
  }

  private Optional<Rejection> refusal(ClusterDraft draft) {
    return draft.spec().plug()
        .flatMap(plugs.balancers()::want)
        .map(reason -> new Rejection(draft.spec().name(), "load_balancing_policy", reason));
  }

  /**
   * Offers what was refused once more, since plug-ins have come or changed.
   *
   * @return what is refused still
   */
  public List<Rejection> plugsChanged() {
    Instant now = clock.instant();
    List<Rejection> refused = clusters(clusters.refusedResources(), List.of(), now);
    refused.addAll(listeners(listeners.refusedResources(), List.of(), now));
    settle(now);
    return refused;
  }

  /** Lets plug-ins go that nothing asks for; call when no request can be on its way to them. */
  public void keepPlugs() {
    Set<PlugSpec> filters = new HashSet<>();
    liveListeners.values().forEach(each -> each.http().filters().plugs().forEach(filters::add));
    listeners.held().values().forEach(each -> each.value().http().filters().plugs().forEach(filters::add));
    plugs.filters().keep(filters);
    Set<PlugSpec> balancers = new HashSet<>();
    warm.usable().values().forEach(each -> each.plug().ifPresent(balancers::add));
    clusters.held().values().forEach(each -> each.value().spec().plug().ifPresent(balancers::add));
    plugs.balancers().keep(balancers);
  }

  /** Lets everything go live whose references are there now, from the clusters upwards. */
  private void settle(Instant now) {
    pendingTables.removeIf(name -> goLive(routes.value(name), table -> !leadsToWarming(table), liveTables, name));
    pendingListeners.removeIf(name -> goLive(listeners.value(name), this::routesAreThere, liveListeners, name));
    follow();
    if (warm.leaves()) {
      warm.release(ledTo()::contains, now);
    }
  }

  /** Puts a value in force if it is ready; false when it has to wait. */
  private static <T> boolean goLive(@Nullable T value, Predicate<T> ready, Part<T> live, String name) {
    if (value == null) {
      return true;
    }
    if (!ready.test(value)) {
      return false;
    }
    live.put(name, value);
    return true;
  }

  private boolean routesAreThere(ListenerSpec listener) {
    return switch (listener.http().routes()) {
      case RouteSource.Named named -> liveTables.has(named.name());
      case RouteSource.Inline inline -> !leadsToWarming(inline.table());
    };
  }

  private boolean leadsToWarming(RouteTable table) {
    return !warm.warming().isEmpty()
        && References.clusters(List.of(table)).stream()
            .anyMatch(name -> warm.warming().contains(name) && !warm.usable().has(name));
  }

  /** Wants the tables that listeners lead to, those in force and those to come; forgets others. */
  private void follow() {
    Set<String> wanted = new HashSet<>();
    liveListeners.values().forEach(each -> tableOf(each).ifPresent(wanted::add));
    listeners.held().values().forEach(each -> tableOf(each.value()).ifPresent(wanted::add));
    if (!wanted.equals(wantedTables)) {
      wantedTables = Set.copyOf(wanted);
    }
    routes.retain(wantedTables);
    liveTables.retain(wantedTables);
    pendingTables.retainAll(wantedTables);
  }

  private static Optional<String> tableOf(ListenerSpec listener) {
    return listener.http().routes() instanceof RouteSource.Named named ? Optional.of(named.name()) : Optional.empty();
  }

  /** Every cluster that something live leads to. */
  private Set<String> ledTo() {
    List<RouteTable> tables = new ArrayList<>(liveTables.values());
    for (ListenerSpec listener : liveListeners.values()) {
      if (listener.http().routes() instanceof RouteSource.Inline inline) {
        tables.add(inline.table());
      }
    }
    return References.clusters(tables);
  }

  @Override
  public Map<String, String> versions(Kind kind) {
    return inventory(kind).versions();
  }

  @Override
  public Set<String> wanted(Kind kind) {
    return switch (kind) {
      case ENDPOINTS -> wantedAssignments;
      case ROUTES -> wantedTables;
      case CLUSTERS, LISTENERS, POLICIES, WORKLOADS -> Set.of();
    };
  }

  /**
   * Works with another policy engine, or none, from now on. What the old one compiled is dropped.
   *
   * @return what the new one refuses of policies that were accepted before; they count as missing
   */
  public List<Rejection> engine(@Nullable PolicyEngine engine) {
    Instant now = clock.instant();
    List<Rejection> refused =
        new ArrayList<>(bench.engine(engine, policies.held().values().stream().map(Inventory.Held::value).toList()));
    policies.refusedResources().forEach(each -> policies.put(each, now, bench::accept));
    refused.forEach(each -> policies.note(each, now));
    return refused;
  }

  /** Does what is due by the clock. Returns clusters whose endpoints are waited for no longer. */
  public List<String> tick() {
    Instant now = clock.instant();
    List<String> late = warm.giveUp(now);
    settle(now);
    return late;
  }

  /** Whether {@link #tick} has to be called from time to time. */
  public boolean waits() {
    return warm.waits();
  }

  /** Whether {@link #table} would give another table than last time. */
  public boolean tableChanged() {
    return news || warm.usable().changed() || liveListeners.changed() || liveTables.changed() || livingThere.changed();
  }

  /** What requests can work by now. Parts that did not change are the same objects as in the last one. */
  public Table table() {
    news = false;
    return new Table(
        liveListeners.snapshot(), liveTables.snapshot(), warm.usable().snapshot(), livingThere.snapshot());
  }

  /** Whether {@link #policies} would give others than last time. */
  public boolean policiesChanged() {
    return bench.changed();
  }

  /** Compiled policies by namespace. */
  public Map<String, PolicyEngine.Policy> policies() {
    return bench.snapshot();
  }

  /** Policies that were replaced, to be closed once no request can reach them; each is told once. */
  public List<PolicyEngine.Policy> takeRetired() {
    return bench.takeRetired();
  }

  /** Whether all that the control plane leads to is there: this proxy can be sent requests. */
  public boolean complete() {
    return answered.contains(Kind.CLUSTERS)
        && answered.contains(Kind.LISTENERS)
        && warm.warming().isEmpty()
        && pendingTables.isEmpty()
        && pendingListeners.isEmpty()
        && liveListeners.values().stream().allMatch(this::policyIsThere);
  }

  private boolean policyIsThere(ListenerSpec listener) {
    return listener.http().policy().stream()
        .flatMap(policy -> policy.namespaces().stream())
        .allMatch(namespace -> policies.value(namespace) != null);
  }

  /** The resources of a kind, for showing them. */
  Inventory<?> inventory(Kind kind) {
    return switch (kind) {
      case CLUSTERS -> clusters;
      case ENDPOINTS -> assignments;
      case LISTENERS -> listeners;
      case ROUTES -> routes;
      case POLICIES -> policies;
      case WORKLOADS -> workloads;
    };
  }

  /** Whether an accepted resource is in force, or still waits for others. */
  boolean live(Kind kind, String name) {
    return switch (kind) {
      case CLUSTERS -> !warm.warming().contains(name);
      case LISTENERS -> !pendingListeners.contains(name);
      case ROUTES -> !pendingTables.contains(name);
      case ENDPOINTS, POLICIES, WORKLOADS -> true;
    };
  }
}
