package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.Mesh;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A port of a workload, as its sidecar listens for it.
 *
 * @param address where the sidecar listens
 * @param listenPort and on which port
 * @param servicePort which port of the service it answers for
 * @param host the service's canonical host
 * @param service its short name
 * @param namespace its namespace
 * @param application where requests go then, {@code address:port}
 * @param guard what stands before that
 */
public record InboundPlan(
    String address,
    int listenPort,
    int servicePort,
    String host,
    String service,
    String namespace,
    String application,
    Guard guard) {

  /** How policy is carried out. */
  public sealed interface Guard {
    /** The proxy judges by the policy of these configuration namespaces. */
    record Judged(List<String> namespaces) implements Guard {
      public Judged {
        namespaces = List.copyOf(namespaces);
      }
    }

    /** The proxy cannot judge, and there is policy that must not be passed over. */
    record Refused() implements Guard {}

    /** The proxy cannot judge, and nothing demands it. */
    record Free() implements Guard {}
  }

  /** The inbound ports of a proxy's workload; none for gateways, and before it has registered. */
  public static List<InboundPlan> of(Mesh mesh, Proxy proxy) {
    Workload workload = mesh.workloads().get(proxy.workloadKey());
    if (workload == null || proxy.kind() != Proxy.Kind.SIDECAR) {
      return List.of();
    }
    List<WorkloadPort> ports = new ArrayList<>(workload.ports());
    ports.sort(Comparator.comparing(WorkloadPort::service).thenComparingInt(WorkloadPort::servicePort));
    Guard guard = guard(mesh, proxy);
    Set<Integer> taken = new HashSet<>();
    List<InboundPlan> plans = new ArrayList<>();
    for (WorkloadPort port : ports) {
      boolean carried = port.protocol().isHttp() && !port.application().isEmpty();
      if (carried && taken.add(port.listenPort())) {
        plans.add(
            new InboundPlan(
                workload.address(),
                port.listenPort(),
                port.servicePort(),
                port.service().host(mesh.topology().domain()),
                port.service().name(),
                port.service().namespace(),
                port.application(),
                guard));
      }
    }
    return plans;
  }

  /** The configuration namespaces whose policy a proxy's workload is under, in their order. */
  public static List<String> policyNamespaces(Mesh mesh, Proxy proxy) {
    Set<String> namespaces = new LinkedHashSet<>();
    if (mesh.policies().containsKey(Scope.ROOT_NAMESPACE)) {
      namespaces.add(Scope.ROOT_NAMESPACE);
    }
    namespaces.add(proxy.namespace());
    return List.copyOf(namespaces);
  }

  private static Guard guard(Mesh mesh, Proxy proxy) {
    List<String> namespaces = policyNamespaces(mesh, proxy);
    if (proxy.tenon()) {
      return new Guard.Judged(namespaces);
    }
    boolean demanded =
        namespaces.stream()
            .map(mesh.policies()::get)
            .anyMatch(policy -> policy != null && policy.rules().stream().anyMatch(rule -> !rule.failOpen()));
    return demanded ? new Guard.Refused() : new Guard.Free();
  }
}
