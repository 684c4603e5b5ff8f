package dev.tenon.pilot.join;

import dev.tenon.pilot.join.Contribution.Entered;
import dev.tenon.pilot.join.Contribution.Registered;
import dev.tenon.pilot.join.MeshService.Shape;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Port;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes one service of everything that is said about its host; who speaks first is believed. */
final class Merge {
  private final ServiceKey key;
  private final List<Contribution> contributions;
  private final List<Conflict> conflicts = new ArrayList<>();

  private Merge(ServiceKey key, List<Contribution> contributions) {
    this.key = key;
    this.contributions = contributions;
  }

  static MeshService of(ServiceKey key, List<Contribution> contributions) {
    return new Merge(key, contributions).merge();
  }

  private MeshService merge() {
    TreeMap<Integer, Port> ports = new TreeMap<>();
    Set<String> aliases = new LinkedHashSet<>();
    Set<String> exportTo = new LinkedHashSet<>();
    String name = "";
    for (Contribution each : contributions) {
      exportTo.addAll(exportsOf(each));
      if (each instanceof Registered(var _, var service)) {
        name = service.name().name();
        service.aliases().forEach(alias -> aliases.add(alias.toLowerCase(Locale.ROOT)));
      }
    }
    ports(ports);
    aliases.remove(key.host());
    Shape shape =
        new Shape(
            key.host(),
            key.namespace(),
            name,
            List.copyOf(aliases),
            List.copyOf(ports.values()),
            exportTo.contains("*") ? List.of("*") : exportTo.stream().sorted().toList());
    List<Endpoint> endpoints = endpoints(ports);
    return new MeshService(shape, endpoints, contributions.stream().map(Contribution::source).distinct().toList(), conflicts);
  }

  private void ports(Map<Integer, Port> ports) {
    Map<Integer, Contribution> owners = new HashMap<>();
    for (Contribution each : contributions) {
      for (Port port : portsOf(each)) {
        Port before = ports.putIfAbsent(port.number(), port);
        Contribution owner = owners.putIfAbsent(port.number(), each);
        if (before != null && owner != null && before.protocol() != port.protocol()) {
          conflict(owner, each, "port " + port.number() + " speaks " + before.protocol() + ", not " + port.protocol());
        }
      }
    }
  }

  private void conflict(Contribution believed, Contribution other, String message) {
    conflicts.add(new Conflict(key.host(), believed.source(), other.source(), message));
  }

  private List<Endpoint> endpoints(Map<Integer, Port> ports) {
    record Spot(int servicePort, String address, int port) {}
    record Held(Endpoint endpoint, Contribution by) {}
    Map<Spot, Held> taken = new HashMap<>();
    List<Endpoint> endpoints = new ArrayList<>();
    for (Contribution each : contributions) {
      Map<Contribution, List<String>> differing = new LinkedHashMap<>();
      for (Endpoint endpoint : endpointsOf(each)) {
        if (Names.ipAddress(endpoint.address()).isEmpty() || !ports.containsKey(endpoint.servicePort())) {
          continue;
        }
        Spot spot = new Spot(endpoint.servicePort(), endpoint.address(), endpoint.port());
        Held before = taken.putIfAbsent(spot, new Held(endpoint, each));
        if (before == null) {
          endpoints.add(endpoint);
        } else if (!before.endpoint().equals(endpoint)) {
          differing.computeIfAbsent(before.by(), _ -> new ArrayList<>()).add(endpoint.address() + ":" + endpoint.port());
        }
      }
      differing.forEach((owner, spots) -> conflict(owner, each, spots.size() == 1
          ? "endpoint " + spots.getFirst() + " has other labels, weight, health or locality there"
          : spots.size() + " endpoints, " + spots.getFirst() + " first, have other labels, weight, health or locality there"));
    }
    return endpoints;
  }

  private static List<Port> portsOf(Contribution contribution) {
    return switch (contribution) {
      case Registered(var _, var service) -> service.ports();
      case Entered entered -> entered.entry().ports();
    };
  }

  private static List<String> exportsOf(Contribution contribution) {
    return switch (contribution) {
      case Registered _ -> List.of("*");
      case Entered entered when entered.foreign() -> List.of(entered.entry().meta().namespace());
      case Entered entered when entered.entry().exportTo().isEmpty() -> List.of("*");
      case Entered entered -> entered.entry().exportTo();
    };
  }

  private List<Endpoint> endpointsOf(Contribution contribution) {
    return switch (contribution) {
      case Registered(var _, var service) -> service.endpoints();
      case Entered entered -> EntryEndpoints.of(entered, key.host());
    };
  }
}
