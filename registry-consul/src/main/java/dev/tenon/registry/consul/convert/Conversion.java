package dev.tenon.registry.consul.convert;

import dev.tenon.registry.consul.read.Check;
import dev.tenon.registry.consul.read.Definition;
import dev.tenon.registry.consul.read.Instance;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Belonging;
import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes the mesh's services of one of Consul's. Its meta may say {@code namespace}, {@code protocol}
 * and {@code service-port}; tags in the form {@code key|value} or {@code key=value} say the same.
 */
public final class Conversion {
  private static final int HTTP_PORT = 80;

  private final String consulName;
  private final Wishes wishes;
  private final List<Workload> workloads = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();

  private Conversion(String consulName, Wishes wishes) {
    this.consulName = consulName;
    this.wishes = wishes;
  }

  /**
   * Converts.
   *
   * @param consulName the service's name in Consul
   * @param instances by data centre; only the first data centre that has a healthy one counts, or the
   *     first that has any
   */
  public static Converted convert(String consulName, Map<String, List<Instance>> instances, Wishes wishes) {
    return new Conversion(consulName, wishes).convert(instances);
  }

  /** An instance that can be used. */
  private record Usable(Instance instance, String namespace, String address, int port, Map<String, String> labels, Condition condition) {
    Health health() {
      return condition.health();
    }

    String label(String key) {
      return labels.getOrDefault(key, "");
    }
  }

  private Converted convert(Map<String, List<Instance>> instances) {
    String name = consulName.toLowerCase(Locale.ROOT);
    if (!Names.isDnsLabel(name)) {
      return new Converted(List.of(), List.of(), List.of("service \"" + consulName + "\" is left out: its name should be " + Names.DNS_LABEL));
    }
    Map<String, List<Usable>> byNamespace = new TreeMap<>();
    for (Usable each : chosen(instances)) {
      byNamespace.computeIfAbsent(each.namespace(), _ -> new ArrayList<>()).add(each);
    }
    List<Service> services = new ArrayList<>();
    byNamespace.forEach((namespace, those) -> services.add(service(new ServiceName(name, namespace), those)));
    return new Converted(services, workloads, refused);
  }

  private List<Usable> chosen(Map<String, List<Instance>> instances) {
    List<Usable> any = List.of();
    for (String datacenter : wishes.datacenters()) {
      List<Usable> there = instances.getOrDefault(datacenter, List.of()).stream()
          .sorted(Comparator.comparing(each -> each.definition().key())).flatMap(each -> usable(each).stream()).toList();
      if (there.stream().anyMatch(each -> each.health() == Health.HEALTHY)) {
        return there;
      }
      any = any.isEmpty() ? there : any;
    }
    return any;
  }

  private Optional<Usable> usable(Instance instance) {
    Definition definition = instance.definition();
    if (!definition.kind().isEmpty() || definition.meta().containsKey(Marker.KEY)) {
      return Optional.empty();
    }
    Map<String, String> labels = Labels.of(definition);
    Definition.Place place = place(instance);
    String namespace = labels.getOrDefault("namespace", wishes.namespace());
    if (place.port() < 1 || place.port() > 65535) {
      return refuse(definition, "it has no port");
    }
    if (Names.ipAddress(place.address()).isEmpty() && !isHostName(place.address())) {
      return refuse(definition, "its address \"" + shortened(place.address()) + "\" is neither an IP address nor a DNS name");
    }
    if (!Names.isDnsLabel(namespace)) {
      return refuse(definition, "its namespace \"" + shortened(namespace) + "\" should be " + Names.DNS_LABEL);
    }
    return Optional.of(new Usable(instance, namespace, place.address(), place.port(), labels, condition(instance)));
  }

  /** Of a service outside the mesh; no name ends in a digit, so that a bad IP address is none. */
  private static boolean isHostName(String address) {
    return Names.isDnsSubdomain(address) && !Character.isDigit(address.charAt(address.length() - 1));
  }

  private Optional<Usable> refuse(Definition definition, String reason) {
    refused.add("instance " + shortened(definition.id()) + " of " + consulName + " on " + shortened(definition.node())
        + " is left out: " + reason);
    return Optional.empty();
  }

  private static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  private Definition.Place place(Instance instance) {
    Definition definition = instance.definition();
    Definition.Place tagged = definition.tagged().get(wishes.addressTag());
    if (tagged != null) {
      return new Definition.Place(tagged.address(), tagged.port() == 0 ? definition.port() : tagged.port());
    }
    return new Definition.Place(definition.address().isEmpty() ? instance.nodeAddress() : definition.address(), definition.port());
  }

  private Condition condition(Instance instance) {
    for (Check check : instance.checks()) {
      boolean bad = check.status().equals("warning") ? wishes.onlyPassing() : !check.status().equals("passing");
      if (bad) {
        return new Condition(Health.UNHEALTHY, "Consul's check " + shortened(check.id()) + " is " + shortened(check.status()));
      }
    }
    return Condition.WELL;
  }

  private Service service(ServiceName name, List<Usable> those) {
    Map<Integer, Protocol> ports = new TreeMap<>();
    List<Endpoint> endpoints = new ArrayList<>();
    Set<String> places = new HashSet<>();
    int common = commonPort(those);
    for (Usable each : those) {
      int servicePort = servicePort(each, common);
      Protocol protocol = Protocol.parse(each.label("protocol")).orElse(wishes.protocol());
      ports.putIfAbsent(servicePort, protocol);
      if (places.add(servicePort + " " + each.address() + " " + each.port())) {
        endpoints.add(new Endpoint(servicePort, each.address(), each.port(), each.labels(), weight(each), each.health(),
            locality(each), ""));
        if (Names.ipAddress(each.address()).isPresent()) {
          workloads.add(workload(name, each, servicePort, protocol));
        }
      }
    }
    List<Port> offered = ports.entrySet().stream().map(each -> new Port(each.getKey(), portName(each), each.getValue())).toList();
    return new Service(name, aliases(), offered, Map.of(), endpoints);
  }

  /** The port that all instances listen on; {@value #HTTP_PORT} when they differ. */
  private static int commonPort(List<Usable> those) {
    List<Integer> ports = those.stream().map(Usable::port).distinct().toList();
    return ports.size() == 1 ? ports.getFirst() : HTTP_PORT;
  }

  private int servicePort(Usable each, int common) {
    String said = each.label("service-port");
    if (said.isEmpty()) {
      return common;
    }
    int port = said.matches("\\d{1,5}") ? Integer.parseInt(said) : 0;
    if (port >= 1 && port <= 65535) {
      return port;
    }
    refused.add("service-port \"" + said + "\" of " + consulName + " is no port; " + common + " is taken");
    return common;
  }

  private static String portName(Map.Entry<Integer, Protocol> port) {
    return port.getValue().name().toLowerCase(Locale.ROOT) + "-" + port.getKey();
  }

  private List<String> aliases() {
    String short_ = consulName.toLowerCase(Locale.ROOT) + ".service.";
    List<String> aliases = new ArrayList<>();
    aliases.add(short_ + wishes.domain());
    wishes.datacenters().stream().filter(each -> !each.isEmpty()).forEach(each -> aliases.add(short_ + each + "." + wishes.domain()));
    return aliases;
  }

  private static int weight(Usable each) {
    boolean warns = each.instance().checks().stream().anyMatch(check -> check.status().equals("warning"));
    Definition definition = each.instance().definition();
    return Math.clamp(warns ? definition.warning() : definition.passing(), 1, 65535);
  }

  private static Locality locality(Usable each) {
    return new Locality(each.instance().datacenter(), "", "");
  }

  private static Workload workload(ServiceName name, Usable each, int servicePort, Protocol protocol) {
    String own = (each.instance().definition().id() + "-" + each.instance().definition().node()).toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9-]", "-");
    return new Workload(own, each.namespace(), "", each.address(), each.labels(), locality(each), "default",
        List.of(new WorkloadPort(name, servicePort, protocol, each.port(), "")), each.condition()).of(belonging(each));
  }

  /** A service may have an address of its own, as of a container; its node has another then. */
  private static Belonging belonging(Usable each) {
    String node = each.instance().nodeAddress();
    return node.equals(each.address()) || Names.ipAddress(node).isEmpty() ? Belonging.NONE : new Belonging("", node);
  }
}
