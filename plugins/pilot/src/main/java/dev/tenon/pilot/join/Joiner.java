package dev.tenon.pilot.join;

import dev.tenon.pilot.gather.HostNames;
import dev.tenon.pilot.gather.Inputs;
import dev.tenon.pilot.join.Contribution.Entered;
import dev.tenon.pilot.join.Contribution.Registered;
import dev.tenon.pilot.join.MeshService.Shape;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.WorkloadEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes one mesh of what the registries and the rules say. Registries speak in the order of their
 * names, ServiceEntries after them in the order of their keys; what was said first is believed.
 *
 * <p>The mesh depends on the inputs alone; the joiner remembers the last one only to give equal parts
 * as the same objects. Not thread-safe.
 */
public final class Joiner {
  private final String domain;
  private final Memo<ServiceKey, List<Contribution>, MeshService> services = new Memo<>(Merge::of);
  private @Nullable Mesh last;

  /**
   * A joiner for one mesh.
   *
   * @param domain for example {@code cluster.local}
   */
  public Joiner(String domain) {
    this.domain = domain;
  }

  /** The mesh that these inputs make; the very same as before when nothing differs. */
  public Mesh join(Inputs inputs) {
    RuleSet rules = inputs.rules();
    List<Conflict> conflicts = new ArrayList<>();
    NavigableMap<String, Workload> registered = registered(inputs, conflicts);
    Aliases aliases = Aliases.of(inputs.catalogs(), domain);
    conflicts.addAll(aliases.conflicts());
    NavigableMap<ServiceKey, List<String>> sources = new TreeMap<>();
    NavigableMap<ServiceKey, Shape> shapes = new TreeMap<>();
    NavigableMap<ServiceKey, List<Endpoint>> endpoints = new TreeMap<>();
    contributions(inputs, registered, aliases)
        .forEach(
            (key, said) -> {
              MeshService service = services.get(key, said);
              shapes.put(key, service.shape());
              endpoints.put(key, service.endpoints());
              sources.put(key, service.sources());
              conflicts.addAll(service.conflicts());
            });
    services.sweep();
    Topology topology =
        new Topology(
            domain,
            shapes,
            aliases.all(),
            List.copyOf(new TreeMap<>(rules.virtualServices()).values()),
            List.copyOf(new TreeMap<>(rules.destinationRules()).values()),
            new TreeMap<>(rules.gateways()));
    last = successor(last, topology, endpoints, withWritten(registered, rules), rules, new Origins(sources, conflicts));
    return last;
  }

  /** How many services have been merged anew. */
  public long merged() {
    return services.computed();
  }

  @SuppressWarnings("ReferenceEquality") // whatever is equal has just been made the same object
  private static Mesh successor(
      @Nullable Mesh before,
      Topology topology,
      NavigableMap<ServiceKey, List<Endpoint>> endpoints,
      NavigableMap<String, Workload> workloads,
      RuleSet rules,
      Origins origins) {
    Mesh next =
        new Mesh(
            before == null ? 1 : before.version() + 1,
            same(before == null ? null : before.topology(), topology),
            same(before == null ? null : before.endpoints(), Collections.unmodifiableNavigableMap(endpoints)),
            same(before == null ? null : before.workloads(), Collections.unmodifiableNavigableMap(workloads)),
            same(before == null ? null : before.policies(), rules.policies()),
            same(before == null ? null : before.filters(), rules.filters()),
            same(before == null ? null : before.origins(), origins));
    boolean unchanged =
        before != null
            && next.topology() == before.topology()
            && next.endpoints() == before.endpoints()
            && next.workloads() == before.workloads()
            && next.policies() == before.policies()
            && next.filters() == before.filters()
            && next.origins() == before.origins();
    return unchanged ? Objects.requireNonNull(before) : next;
  }

  private static <T> T same(@Nullable T before, T now) {
    return before != null && before.equals(now) ? before : now;
  }

  private NavigableMap<ServiceKey, List<Contribution>> contributions(
      Inputs inputs, NavigableMap<String, Workload> registered, Aliases aliases) {
    NavigableMap<ServiceKey, List<Contribution>> said = new TreeMap<>();
    inputs.catalogs().forEach((registry, catalog) -> {
      for (Service service : catalog.services().values()) {
        ServiceKey key = new ServiceKey(service.name().host(domain).toLowerCase(Locale.ROOT), service.name().namespace());
        said.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Registered(registry, HostNames.resolved(service, inputs.addresses())));
      }
    });
    for (ServiceEntry entry : new TreeMap<>(inputs.rules().serviceEntries()).values()) {
      List<WorkloadEntry.Spec> entries = selectedEntries(entry, inputs.rules());
      List<Workload> selected = selectedWorkloads(entry, registered);
      for (String host : entry.hosts()) {
        ServiceKey key = new ServiceKey(aliases.resolve(host), entry.meta().namespace());
        said.computeIfAbsent(key, _ -> new ArrayList<>())
            .add(new Entered(entry, entries, selected, meant(entry, entries, inputs), isForeign(key)));
      }
    }
    return said;
  }

  /** The addresses of those host names that an entry's endpoints have. */
  private static Map<String, List<String>> meant(
      ServiceEntry entry, List<WorkloadEntry.Spec> entries, Inputs inputs) {
    if (inputs.addresses().isEmpty()) {
      return Map.of();
    }
    Set<String> names = new HashSet<>(entry.hosts());
    entry.endpoints().forEach(each -> names.add(each.address()));
    entries.forEach(each -> names.add(each.address()));
    Map<String, List<String>> meant = new HashMap<>(inputs.addresses());
    meant.keySet().retainAll(names);
    return meant;
  }

  /** Whether a host is one of the mesh's own, of another namespace than the one that claims it. */
  private boolean isForeign(ServiceKey key) {
    String suffix = ".svc." + domain;
    return key.host().endsWith(suffix) && !key.host().endsWith("." + key.namespace() + suffix);
  }

  private static List<WorkloadEntry.Spec> selectedEntries(ServiceEntry entry, RuleSet rules) {
    if (entry.workloadSelector().isEmpty()) {
      return List.of();
    }
    return new TreeMap<>(rules.workloadEntries())
        .values().stream()
            .filter(each -> each.meta().namespace().equals(entry.meta().namespace()))
            .filter(each -> selects(entry.workloadSelector(), each.spec().labels()))
            .map(WorkloadEntry::spec)
            .toList();
  }

  private static List<Workload> selectedWorkloads(ServiceEntry entry, NavigableMap<String, Workload> workloads) {
    if (entry.workloadSelector().isEmpty()) {
      return List.of();
    }
    return workloads.values().stream()
        .filter(each -> each.namespace().equals(entry.meta().namespace()))
        .filter(each -> selects(entry.workloadSelector(), each.labels()))
        .toList();
  }

  /** Whether labels hold all that a selector asks for. */
  public static boolean selects(Map<String, String> selector, Map<String, String> labels) {
    return labels.entrySet().containsAll(selector.entrySet());
  }

  private static NavigableMap<String, Workload> registered(Inputs inputs, List<Conflict> conflicts) {
    NavigableMap<String, Workload> workloads = new TreeMap<>();
    Map<String, String> owners = new HashMap<>();
    inputs.catalogs().forEach((registry, catalog) -> catalog.workloads().forEach((key, workload) -> {
      Workload before = workloads.putIfAbsent(key, workload);
      String owner = owners.putIfAbsent(key, registry);
      if (owner != null && !workload.equals(before)) {
        conflicts.add(new Conflict(key, owner, registry, "the workload at " + workload.address() + " has a name that is taken"));
      }
    }));
    return workloads;
  }

  /** A WorkloadEntry adds a workload that nobody registered. */
  private static NavigableMap<String, Workload> withWritten(
      NavigableMap<String, Workload> registered, RuleSet rules) {
    NavigableMap<String, Workload> workloads = new TreeMap<>(registered);
    rules
        .workloadEntries()
        .forEach(
            (key, entry) -> {
              if (Names.ipAddress(entry.spec().address()).isPresent()) {
                workloads.putIfAbsent(key, workload(entry));
              }
            });
    return workloads;
  }

  private static Workload workload(WorkloadEntry entry) {
    WorkloadEntry.Spec spec = entry.spec();
    return new Workload(
        entry.meta().name(),
        entry.meta().namespace(),
        spec.network(),
        spec.address(),
        spec.labels(),
        spec.locality(),
        spec.serviceAccount(),
        List.of());
  }
}
