package dev.tenon.pilot.translate;

import dev.tenon.pilot.join.Mesh;
import dev.tenon.pilot.join.ServiceKey;
import dev.tenon.pilot.join.Topology;
import dev.tenon.pilot.scope.ClusterPlan;
import dev.tenon.pilot.scope.Scope;
import dev.tenon.pilot.scope.Scoper;
import dev.tenon.pilot.scope.View;
import dev.tenon.spi.model.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that proxies of one view share. Brought up to date before it is asked. */
final class ViewResources {
  private final View view;
  private final Works works;
  private final Map<String, NavigableMap<String, Resource>> clustersBySource = new HashMap<>();
  private NavigableMap<String, Resource> assignments = new TreeMap<>();
  private NavigableMap<String, Resource> tables = new TreeMap<>();
  private Scope scope = new Scope(List.of(), List.of(), List.of());
  private @Nullable Topology topology;
  private @Nullable NavigableMap<ServiceKey, List<Endpoint>> endpoints;

  ViewResources(View view, Works works) {
    this.view = view;
    this.works = works;
  }

  /** Works on what differs from the mesh before: nothing, endpoints alone, or the topology too. */
  @SuppressWarnings("ReferenceEquality") // parts of a mesh that are equal are the same objects
  void update(Mesh mesh) {
    boolean scoped = topology != mesh.topology();
    if (scoped) {
      topology = mesh.topology();
      scope = Scoper.scope(mesh.topology(), view);
      NavigableMap<String, Resource> written = new TreeMap<>();
      scope.tables().forEach(table -> written.put(table.name(), works.table(table)));
      tables = same(tables, written);
    }
    if (scoped || endpoints != mesh.endpoints()) {
      endpoints = mesh.endpoints();
      assignments = same(assignments, assignments(mesh));
    }
    if (scoped) {
      clustersBySource.replaceAll((source, before) -> same(before, clusters(source)));
    }
  }

  Scope scope() {
    return scope;
  }

  NavigableMap<String, Resource> assignments() {
    return assignments;
  }

  NavigableMap<String, Resource> tables() {
    return tables;
  }

  /** The clusters of proxies that connect from an address; empty for whatever the system chooses. */
  NavigableMap<String, Resource> clustersFrom(String source) {
    return clustersBySource.computeIfAbsent(source, this::clusters);
  }

  /** Forgets sources of proxies that are no more. */
  void keepSources(Set<String> sources) {
    clustersBySource.keySet().retainAll(sources);
  }

  private NavigableMap<String, Resource> clusters(String source) {
    NavigableMap<String, Resource> written = new TreeMap<>();
    for (ClusterPlan plan : scope.clusters()) {
      written.put(plan.name(), works.cluster(new ClusterWriter.Outbound(plan, source)));
    }
    return written;
  }

  private NavigableMap<String, Resource> assignments(Mesh mesh) {
    NavigableMap<String, Resource> written = new TreeMap<>();
    for (ClusterPlan plan : scope.clusters()) {
      var selection = new AssignmentWriter.Selection(
              plan.name(), plan.port(), plan.labels(), plan.policy().plug().isPresent());
      var assigned = new Works.Assigned(plan.service(), selection);
      written.put(plan.name(), works.assignment(assigned, mesh.endpointsOf(plan.service())));
    }
    return written;
  }

  private static NavigableMap<String, Resource> same(
      NavigableMap<String, Resource> before, NavigableMap<String, Resource> now) {
    return before.equals(now) ? before : now;
  }
}
