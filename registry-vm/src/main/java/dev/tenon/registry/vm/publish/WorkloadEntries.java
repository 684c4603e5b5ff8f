package dev.tenon.registry.vm.publish;

import dev.tenon.registry.vm.accept.Presence;
import dev.tenon.registry.vm.accept.Roster;
import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.LiveObjects;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/** The lease of each workload as the WorkloadEntry that Istio's automatic registration would make: there as long as the lease is. */
public final class WorkloadEntries implements LiveObjects {
  private static final Position AT = Position.of("registry-vm");

  private final Roster roster;

  /** Of everybody who is registered. */
  public WorkloadEntries(Roster roster) {
    this.roster = roster;
  }

  @Override
  public List<Live> objects() {
    return roster.present().stream().map(WorkloadEntries::entry).toList();
  }

  private static Live entry(Presence presence) {
    Workload workload = presence.registrant().workload();
    Map<String, String> annotations = new TreeMap<>(presence.annotations());
    if (!presence.registrant().group().isEmpty()) {
      annotations.put("istio.io/autoRegistrationGroup", presence.registrant().group());
    }
    ConfigObject object =
        new ConfigObject(
            "networking.istio.io/v1", "WorkloadEntry", workload.namespace(), workload.name(), workload.labels(), annotations, spec(workload), AT);
    String owner = presence.standing()
        ? "its registration; 'tenon workload deregister " + workload.key() + "' ends that"
        : "the lease of its agent at " + workload.address() + "; 'tenon vm drain' there ends that";
    return new Live(object, status(workload.condition()), presence.since(), owner);
  }

  private static Node.Mapping spec(Workload workload) {
    SequencedMap<String, Node> spec = new LinkedHashMap<>();
    spec.put("address", text(workload.address()));
    Map<String, Integer> ports = new TreeMap<>(workload.entryPorts());
    for (WorkloadPort port : workload.ports()) {
      ports.putIfAbsent(Grouping.portName(port.protocol(), port.servicePort()), port.listenPort());
    }
    SequencedMap<String, Node> numbers = new LinkedHashMap<>();
    ports.forEach((name, port) -> numbers.put(name, new Node.Numeric(port, AT)));
    put(spec, "ports", numbers);
    SequencedMap<String, Node> labels = new LinkedHashMap<>();
    new TreeMap<>(workload.labels()).forEach((name, value) -> labels.put(name, text(value)));
    put(spec, "labels", labels);
    put(spec, "network", workload.network());
    put(spec, "locality", workload.locality().path());
    spec.put("weight", new Node.Numeric(workload.weight(), AT));
    put(spec, "serviceAccount", workload.serviceAccount());
    return new Node.Mapping(spec, AT);
  }

  /** As Istio's own health checks write it. */
  private static Node.Mapping status(Condition condition) {
    SequencedMap<String, Node> healthy = new LinkedHashMap<>();
    healthy.put("type", text("Healthy"));
    healthy.put("status", text(condition.health() == Health.HEALTHY ? "True" : "False"));
    if (condition.health() != Health.HEALTHY) {
      healthy.put("reason", text(condition.health().name().toLowerCase(Locale.ROOT)));
      put(healthy, "message", condition.reason());
    }
    SequencedMap<String, Node> status = new LinkedHashMap<>();
    status.put("conditions", new Node.Items(List.of(new Node.Mapping(healthy, AT)), AT));
    return new Node.Mapping(status, AT);
  }

  private static void put(Map<String, Node> into, String name, SequencedMap<String, Node> entries) {
    if (!entries.isEmpty()) {
      into.put(name, new Node.Mapping(entries, AT));
    }
  }

  private static void put(Map<String, Node> into, String name, String value) {
    if (!value.isEmpty()) {
      into.put(name, text(value));
    }
  }

  private static Node text(String value) {
    return new Node.Text(value, AT);
  }
}
