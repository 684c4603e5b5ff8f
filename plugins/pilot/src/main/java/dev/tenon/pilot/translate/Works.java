package dev.tenon.pilot.translate;

import dev.tenon.pilot.join.Memo;
import dev.tenon.pilot.join.ServiceKey;
import dev.tenon.pilot.scope.HostPlan;
import dev.tenon.pilot.scope.InboundPlan;
import dev.tenon.pilot.scope.RouteTable;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.rules.PolicyRules;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;

/**
 * Everything that has been written, each with the one record that it depends on: what is asked for
 * again with an equal record is not written again, for whichever proxy.
 */
final class Works {
  /** Which cluster an assignment is for; hosts may mean different services to different proxies. */
  record Assigned(ServiceKey service, AssignmentWriter.Selection selection) {}

  private final Memo<ClusterWriter.Outbound, ClusterWriter.Outbound, Resource> clusters;
  private final Memo<Assigned, List<Endpoint>, Resource> assignments =
      new Memo<>((key, endpoints) -> AssignmentWriter.resource(key.selection(), endpoints));
  private final Memo<HostPlan, HostPlan, VirtualHost> hosts =
      new Memo<>((_, input) -> RouteWriter.host(input));
  private final Memo<RouteTable, RouteTable, Resource> tables =
      new Memo<>((_, input) -> RouteWriter.table(input, this::host));
  private final Memo<InboundPlan, InboundPlan, Resource> inboundClusters =
      new Memo<>((_, input) -> ClusterWriter.inbound(input));
  private final Memo<Record, Record, Resource> listeners = new Memo<>((_, input) -> listener(input));
  private final Memo<String, PolicyRules, Resource> policies =
      new Memo<>((_, rules) -> PolicyWriter.policy(rules));
  private final Memo<String, Workload, Resource> workloads =
      new Memo<>((_, workload) -> WorkloadWriter.workload(workload));

  Works(Panic panic) {
    clusters = new Memo<>((_, input) -> ClusterWriter.outbound(input, panic));
  }

  Resource cluster(ClusterWriter.Outbound outbound) {
    return clusters.get(outbound, outbound);
  }

  Resource assignment(Assigned assigned, List<Endpoint> endpoints) {
    return assignments.get(assigned, endpoints);
  }

  Resource table(RouteTable table) {
    // A table that is not written again still needs its hosts remembered.
    table.hosts().forEach(this::host);
    return tables.get(table, table);
  }

  Resource inboundCluster(InboundPlan plan) {
    return inboundClusters.get(plan, plan);
  }

  Resource listener(ListenerWriter.Routed routed) {
    return listeners.get(routed, routed);
  }

  Resource listener(ListenerWriter.Guarded guarded) {
    return listeners.get(guarded, guarded);
  }

  Resource policy(PolicyRules rules) {
    return policies.get(rules.namespace(), rules);
  }

  Resource workload(String name, Workload workload) {
    return workloads.get(name, workload);
  }

  /** Forgets what belongs to a topology that is no more. */
  void sweepTopology() {
    clusters.sweep();
    hosts.sweep();
    tables.sweep();
  }

  /** Forgets endpoints of clusters that are no more. */
  void sweepEndpoints() {
    assignments.sweep();
  }

  /** Forgets what belongs to proxies that are no more. */
  void sweepProxies() {
    inboundClusters.sweep();
    listeners.sweep();
    policies.sweep();
  }

  void sweepWorkloads() {
    workloads.sweep();
  }

  Translator.Counts counts() {
    return new Translator.Counts(
        clusters.computed() + inboundClusters.computed(),
        assignments.computed(),
        hosts.computed(),
        tables.computed(),
        listeners.computed());
  }

  private VirtualHost host(HostPlan plan) {
    return hosts.get(plan, plan);
  }

  private static Resource listener(Record input) {
    return switch (input) {
      case ListenerWriter.Routed routed -> ListenerWriter.routed(routed);
      case ListenerWriter.Guarded guarded -> ListenerWriter.inbound(guarded);
      default -> throw new IllegalArgumentException("no listener: " + input);
    };
  }
}
