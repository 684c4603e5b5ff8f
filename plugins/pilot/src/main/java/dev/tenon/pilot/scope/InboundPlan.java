package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.Mesh;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.rules.FilterRule;
import dev.tenon.spi.rules.PolicyRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
 * @param filters plug-ins that look at requests, in their order; none where {@code guard} refuses
 * @param notes what of policy is not carried out by a proxy that cannot judge, and why
 * @param attributes what policy may know of the called side, by Mixer's attribute name; a label is
 *     {@code destination.labels.<name>}
 */
public record InboundPlan(
    String address,
    int listenPort,
    int servicePort,
    String host,
    String service,
    String namespace,
    String application,
    Guard guard,
    List<FilterRule> filters,
    List<String> notes,
    Map<String, String> attributes) {
  public InboundPlan {
    filters = List.copyOf(filters);
    notes = List.copyOf(notes);
    attributes = Map.copyOf(attributes);
  }

  /** How policy is carried out. */
  public sealed interface Guard {
    /** The proxy judges by the policy of these configuration namespaces. */
    record Judged(List<String> namespaces) implements Guard {
      public Judged {
        namespaces = List.copyOf(namespaces);
      }
    }

    /**
     * The proxy asks the policy service.
     *
     * @param called what the service is told of the called side, and by the policy of which namespaces it judges
     */
    record Asked(String called, EnvoyPolicy policy) implements Guard {}

    /** The proxy cannot judge, and there is policy or a filter that must not be passed over. */
    record Refused() implements Guard {}

    /** The proxy cannot judge, and nothing demands that it should. */
    record Free() implements Guard {}
  }

  /** The inbound ports of a proxy's workload; none for gateways, and before it has registered. */
  public static List<InboundPlan> of(Mesh mesh, Proxy proxy, @Nullable Workload workload) {
    if (workload == null || proxy.kind() != Proxy.Kind.SIDECAR) {
      return List.of();
    }
    List<WorkloadPort> ports = new ArrayList<>(workload.ports());
    ports.sort(Comparator.comparing(WorkloadPort::service).thenComparingInt(WorkloadPort::servicePort));
    List<FilterRule> filters = Filters.of(mesh, proxy, workload).server();
    Set<Integer> taken = new HashSet<>();
    List<InboundPlan> plans = new ArrayList<>();
    for (WorkloadPort port : ports) {
      boolean carried = port.protocol().isHttp() && !port.application().isEmpty();
      if (carried && taken.add(port.listenPort())) {
        Map<String, String> attributes = attributes(workload, port.service(), mesh.topology().domain());
        List<String> notes = new ArrayList<>();
        Guard guard = guard(mesh, proxy, filters, called(attributes, workload, port), notes);
        plans.add(
            new InboundPlan(
                workload.address(),
                port.listenPort(),
                port.servicePort(),
                port.service().host(mesh.topology().domain()),
                port.service().name(),
                port.service().namespace(),
                port.application(),
                guard,
                guard instanceof Guard.Refused ? List.of() : filters,
                notes,
                attributes));
      }
    }
    return plans;
  }

  /** What policy may know of the called side. */
  static Map<String, String> attributes(Workload workload, ServiceName service, String domain) {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("destination.service", service.host(domain));
    attributes.put("destination.service.host", service.host(domain));
    attributes.put("destination.service.name", service.name());
    attributes.put("destination.service.namespace", service.namespace());
    attributes.put("destination.name", workload.name());
    attributes.put("destination.namespace", workload.namespace());
    attributes.put("destination.uid", "kubernetes://" + workload.name() + "." + workload.namespace());
    attributes.put("destination.workload.name", workload.name());
    attributes.put("destination.workload.namespace", workload.namespace());
    attributes.put("destination.serviceAccount", workload.serviceAccount());
    workload.labels().forEach((name, value) -> attributes.put("destination.labels." + name, value));
    return attributes;
  }

  /** The configuration namespaces whose policy a proxy's workload is under, in their order. */
  public static List<String> policyNamespaces(Mesh mesh, Proxy proxy) {
    return policyNamespaces(mesh, proxy.namespace());
  }

  static List<String> policyNamespaces(Mesh mesh, String namespace) {
    Set<String> namespaces = new LinkedHashSet<>();
    if (mesh.policies().containsKey(Scope.ROOT_NAMESPACE)) {
      namespaces.add(Scope.ROOT_NAMESPACE);
    }
    namespaces.add(namespace);
    return List.copyOf(namespaces);
  }

  /** What the policy service is told: what our own proxies know by their listener. */
  private static Map<String, String> called(Map<String, String> attributes, Workload workload, WorkloadPort port) {
    Map<String, String> called = new HashMap<>(attributes);
    called.put("destination.ip", workload.address());
    called.put("destination.port", Integer.toString(port.listenPort()));
    return called;
  }

  private static Guard guard(
      Mesh mesh, Proxy proxy, List<FilterRule> filters, Map<String, String> called, List<String> notes) {
    List<String> namespaces = policyNamespaces(mesh, proxy);
    if (proxy.tenon()) {
      return new Guard.Judged(namespaces);
    }
    List<PolicyRules> policies = namespaces.stream().map(mesh.policies()::get).filter(Objects::nonNull).toList();
    EnvoyPolicy.Read read = EnvoyPolicy.of(policies, namespaces, called, proxy.policyCluster());
    read.notes().forEach(each -> notes.add("passed over: " + each));
    read.refusals().forEach(each -> notes.add("its routes answer 503: " + each));
    if (!Filters.mayBePassedOver(filters)) {
      notes.add("its routes answer 503: a request filter that is closed on failure is a plug-in, which it does not have");
      return new Guard.Refused();
    }
    if (!read.refusals().isEmpty()) {
      return new Guard.Refused();
    }
    boolean asks = read.policy().question() != EnvoyPolicy.Question.NONE || read.policy().reports();
    return asks ? new Guard.Asked(EnvoyPolicy.text(namespaces, called), read.policy()) : new Guard.Free();
  }
}
