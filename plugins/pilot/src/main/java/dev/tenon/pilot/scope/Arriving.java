package dev.tenon.pilot.scope;

import dev.tenon.pilot.join.Mesh;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.policy.Whereabouts.Arrival;
import dev.tenon.spi.policy.Sketch;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the workload that a sketched request would come to, and says what policy may know of both sides there. */
public final class Arriving {
  private final Mesh mesh;
  private final List<String> notes = new ArrayList<>();

  private Arriving(Mesh mesh) {
    this.mesh = mesh;
  }

  /** A workload and the port of it that is called. */
  private record Called(Workload workload, WorkloadPort port) {}

  /** Empty when no workload has the host, or there is none of that name. */
  public static Optional<Arrival> of(Mesh mesh, Sketch request, String source, String destination) {
    return new Arriving(mesh).find(request, source, destination);
  }

  private Optional<Arrival> find(Sketch request, String source, String destination) {
    String authority = request.host().toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
    String namespace = destination.contains("/") ? destination.substring(0, destination.indexOf('/')) : "default";
    String host = authority.isEmpty() ? "" : mesh.topology().resolve(authority, namespace);
    List<Called> candidates =
        mesh.workloads().values().stream()
            .filter(each -> destination.isEmpty() || each.key().equals(destination))
            .flatMap(each -> each.ports().stream().filter(port -> host.isEmpty() || port.service().host(mesh.topology().domain()).equals(host)).map(port -> new Called(each, port)))
            .toList();
    return candidates.stream().findFirst().map(called -> {
      long others = candidates.stream().map(Called::workload).distinct().count() - 1;
      if (others > 0) {
        notes.add("the host has " + others + " other workloads; --destination chooses one");
      }
      return arrival(called, request, source);
    });
  }

  private Arrival arrival(Called called, Sketch request, String source) {
    Workload workload = called.workload();
    Map<String, Object> attributes = new HashMap<>();
    Map<String, String> labels = new HashMap<>();
    InboundPlan.attributes(workload, called.port().service(), mesh.topology().domain()).forEach((name, value) -> {
      if (name.startsWith("destination.labels.")) {
        labels.put(name.substring("destination.labels.".length()), value);
      } else {
        attributes.put(name, value);
      }
    });
    attributes.put("destination.labels", labels);
    attributes.put("destination.port", (long) called.port().listenPort());
    ip(workload.address()).ifPresent(each -> attributes.put("destination.ip", each));
    source(source, attributes);
    attributes.putAll(request.attributes());
    notes.add("which route the caller's proxy takes is told by that proxy: --target its run directory");
    String route = called.port().application().isEmpty() ? "no sidecar of ours: nobody judges there" : "to the application at " + called.port().application();
    List<String> namespaces = called.port().application().isEmpty() ? List.of() : InboundPlan.policyNamespaces(mesh, workload.namespace());
    return new Arrival(
        workload.key() + " at " + workload.address() + ":" + called.port().listenPort(), route, namespaces,
        new Sketch(request.method(), request.host(), request.path(), request.headers(), attributes), notes);
  }

  private void source(String source, Map<String, Object> attributes) {
    if (source.isEmpty()) {
      notes.add("nothing is known of the caller; --source says who it is");
      return;
    }
    Optional<Workload> caller =
        source.contains("/")
            ? Optional.ofNullable(mesh.workloads().get(source))
            : mesh.workloads().values().stream().filter(each -> each.address().equals(source) && each.network().isEmpty()).findFirst();
    if (caller.isEmpty()) {
      notes.add("the mesh knows no workload " + source);
    }
    caller.ifPresent(each -> {
      attributes.put("source.name", each.name());
      attributes.put("source.workload.name", each.name());
      attributes.put("source.namespace", each.namespace());
      attributes.put("source.workload.namespace", each.namespace());
      attributes.put("source.uid", "kubernetes://" + each.name() + "." + each.namespace());
      attributes.put("source.serviceAccount", each.serviceAccount());
      attributes.put("source.labels", each.labels());
    });
    ip(caller.map(Workload::address).orElse(source)).ifPresent(each -> attributes.put("source.ip", each));
  }

  private static Optional<InetAddress> ip(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
