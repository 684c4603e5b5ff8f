package dev.tenon.pilot.translate;

import dev.tenon.pilot.join.Memo;
import dev.tenon.pilot.join.Mesh;
import dev.tenon.pilot.join.Topology;
import dev.tenon.pilot.scope.Filters;
import dev.tenon.pilot.scope.GatewayPort;
import dev.tenon.pilot.scope.InboundPlan.Guard;
import dev.tenon.pilot.scope.InboundPlan;
import dev.tenon.pilot.scope.PolicyService;
import dev.tenon.pilot.scope.Proxy;
import dev.tenon.pilot.scope.Scope;
import dev.tenon.pilot.scope.View;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.rules.PolicyRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes each proxy's part of the mesh as Envoy v3 resources. What it writes depends on its arguments
 * alone; it remembers what it has written, so that a change costs work in proportion to what it
 * touches: an endpoint that comes or goes has one assignment for each of its clusters written anew,
 * and no route.
 *
 * <p>Not thread-safe.
 */
public final class Translator {
  private static final String LOOPBACK = "127.0.0.1";
  private static final NavigableMap<String, Resource> NONE = Collections.emptyNavigableMap();

  private final PolicyService policyService;
  private final Works works;
  private final Map<View, ViewResources> views = new HashMap<>();
  private final Memo<Share, Parts, NavigableMap<String, Resource>> shares =
      new Memo<>((_, parts) -> parts.merged());
  private final Map<View, Set<String>> inUse = new HashMap<>();
  private final Map<Proxy.Kind, Set<String>> labelsAsked = new EnumMap<>(Proxy.Kind.class);
  private @Nullable Topology topology;
  private @Nullable NavigableMap<String, Workload> workloads;
  private NavigableMap<String, Resource> workloadResources = new TreeMap<>();
  private @Nullable Mesh swept;

  /**
   * A translator that has written nothing yet.
   *
   * @param policyService where proxies that cannot judge are pointed
   */
  public Translator(PolicyService policyService, Panic panic) {
    this.policyService = policyService;
    this.works = new Works(panic);
  }

  /** How often each kind of thing has been written: what tests hold the cost of a change to. */
  public record Counts(long clusters, long assignments, long hosts, long tables, long listeners) {}

  /** One type's resources for one proxy. */
  private record Share(Proxy proxy, ResourceType type) {}

  /** What makes them up: some that others have too, and its own. */
  private record Parts(NavigableMap<String, Resource> common, List<Resource> own) {
    /** All in one map; of two with one name the first is taken. */
    NavigableMap<String, Resource> merged() {
      NavigableMap<String, Resource> merged = new TreeMap<>(common);
      own.forEach(each -> merged.putIfAbsent(each.name(), each));
      return merged;
    }
  }

  /** All that a proxy is to be told of a mesh, its workload being what the mesh says. */
  public Snapshot translate(Mesh mesh, Proxy proxy) {
    return translate(mesh, proxy, mesh.workloads().get(proxy.workloadKey()));
  }

  /**
   * All that a proxy is to be told of a mesh.
   *
   * @param workload the one that it stands beside, though the mesh may have it no more; null when it never had
   */
  public Snapshot translate(Mesh mesh, Proxy proxy, @Nullable Workload workload) {
    View view =
        View.of(
            proxy.kind(),
            proxy.namespace(),
            workload == null ? proxy.labels() : workload.labels(),
            labelsAsked(mesh, proxy.kind()));
    ViewResources shared = views.computeIfAbsent(view, each -> new ViewResources(each, works));
    shared.update(mesh);
    String address = address(proxy, workload);
    inUse.computeIfAbsent(view, _ -> new HashSet<>()).add(address);

    List<InboundPlan> inbound = InboundPlan.of(mesh, proxy, workload);
    Map<ResourceType, NavigableMap<String, Resource>> types = new EnumMap<>(ResourceType.class);
    types.put(
        ResourceType.CDS,
        share(
            proxy,
            ResourceType.CDS,
            new Parts(
                shared.clustersFrom(address), clusters(inbound))));
    types.put(ResourceType.EDS, shared.assignments());
    types.put(ResourceType.RDS, shared.tables());
    types.put(
        ResourceType.LDS,
        share(
            proxy,
            ResourceType.LDS,
            new Parts(NONE, listeners(proxy, address, shared.scope(), inbound, Filters.of(mesh, proxy, workload)))));
    if (proxy.tenon()) {
      types.put(
          ResourceType.POLICY,
          share(proxy, ResourceType.POLICY, new Parts(NONE, policies(mesh, proxy))));
      types.put(ResourceType.WORKLOAD, workloads(mesh));
    }
    return new Snapshot(mesh.version(), types, inbound.stream().flatMap(each -> each.notes().stream()).distinct().toList());
  }

  /** Forgets what no proxy asked for since the last time; call after all have been translated. */
  @SuppressWarnings("ReferenceEquality") // parts of a mesh that are equal are the same objects
  public void sweep(Mesh mesh) {
    views.keySet().retainAll(inUse.keySet());
    views.forEach((view, resources) -> resources.keepSources(inUse.getOrDefault(view, Set.of())));
    inUse.clear();
    shares.sweep();
    works.sweepProxies();
    boolean scoped = swept == null || swept.topology() != mesh.topology();
    if (scoped) {
      works.sweepTopology();
    }
    if (scoped || swept == null || swept.endpoints() != mesh.endpoints()) {
      works.sweepEndpoints();
    }
    if (swept == null || swept.workloads() != mesh.workloads()) {
      works.sweepWorkloads();
    }
    swept = mesh;
  }

  /** How much has been written so far. */
  public Counts counts() {
    return works.counts();
  }

  @SuppressWarnings("ReferenceEquality") // an equal topology is the same object
  private Set<String> labelsAsked(Mesh mesh, Proxy.Kind kind) {
    if (topology != mesh.topology()) {
      topology = mesh.topology();
      labelsAsked.clear();
    }
    return labelsAsked.computeIfAbsent(kind, each -> View.labelsAsked(mesh.topology(), each));
  }

  /** Where the proxy's workload is, if anybody knows. */
  private static String address(Proxy proxy, @Nullable Workload workload) {
    String address = workload == null ? proxy.address() : workload.address();
    boolean one =
        Names.ipAddress(address).filter(each -> !each.isAnyLocalAddress()).isPresent();
    return one ? address : "";
  }

  private List<Resource> listeners(
      Proxy proxy, String address, Scope scope, List<InboundPlan> inbound, Filters filters) {
    List<Resource> listeners = new ArrayList<>();
    if (proxy.kind() == Proxy.Kind.SIDECAR && proxy.httpProxyPort() > 0) {
      listeners.add(
          works.listener(
              new ListenerWriter.Routed(
                  proxy.outboundBind(),
                  proxy.httpProxyPort(),
                  Scope.HTTP_PROXY,
                  false,
                  filters.client(),
                  proxy.tenon(),
                  proxy.accessLog())));
    }
    inbound.forEach(
        plan -> listeners.add(works.listener(new ListenerWriter.Guarded(plan, proxy.accessLog(), policyService.deadline()))));
    for (GatewayPort port : scope.ports()) {
      String own = address.isEmpty() ? LOOPBACK : address;
      listeners.add(
          works.listener(
              new ListenerWriter.Routed(
                  port.bind().isEmpty() ? own : port.bind(),
                  port.port(),
                  port.table(),
                  true,
                  filters.server(),
                  proxy.tenon(),
                  proxy.accessLog())));
    }
    return listeners;
  }

  /** Those of a proxy's own ports, and the policy service where one of them asks for it. */
  private List<Resource> clusters(List<InboundPlan> inbound) {
    List<Resource> clusters = new ArrayList<>(inbound.stream().map(works::inboundCluster).toList());
    boolean asks =
        inbound.stream()
            .anyMatch(each -> each.guard() instanceof Guard.Asked asked && asked.policy().cluster().equals(PolicyService.CLUSTER));
    if (asks) {
      clusters.add(ClusterWriter.policyService(policyService));
    }
    return clusters;
  }

  private List<Resource> policies(Mesh mesh, Proxy proxy) {
    return InboundPlan.policyNamespaces(mesh, proxy).stream()
        .map(
            namespace ->
                mesh.policies()
                    .getOrDefault(namespace, new PolicyRules(namespace, List.of(), List.of(), List.of())))
        .map(works::policy)
        .toList();
  }

  @SuppressWarnings("ReferenceEquality") // equal workloads are the same object
  private NavigableMap<String, Resource> workloads(Mesh mesh) {
    if (workloads != mesh.workloads()) {
      workloads = mesh.workloads();
      NavigableMap<String, Resource> written = new TreeMap<>();
      for (Workload workload : mesh.workloads().values()) {
        String name = WorkloadWriter.name(workload);
        if (!written.containsKey(name)) {
          written.put(name, works.workload(name, workload));
        }
      }
      workloadResources = written;
    }
    return workloadResources;
  }

  private NavigableMap<String, Resource> share(Proxy proxy, ResourceType type, Parts parts) {
    return shares.get(new Share(proxy, type), parts);
  }
}
