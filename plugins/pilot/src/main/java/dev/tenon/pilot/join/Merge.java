package dev.tenon.pilot.join;

import dev.tenon.pilot.join.Contribution.Entered;
import dev.tenon.pilot.join.Contribution.Registered;
import dev.tenon.pilot.join.MeshService.Shape;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Port;
import java.util.ArrayList;
import java.util.HashSet;
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
      portsOf(each).forEach(port -> ports.putIfAbsent(port.number(), port));
      exportTo.addAll(exportsOf(each));
      if (each instanceof Registered(var service)) {
        name = service.name().name();
        service.aliases().forEach(alias -> aliases.add(alias.toLowerCase(Locale.ROOT)));
      }
    }
    aliases.remove(key.host());
    Shape shape =
        new Shape(
            key.host(),
            key.namespace(),
            name,
            List.copyOf(aliases),
            List.copyOf(ports.values()),
            exportTo.contains("*") ? List.of("*") : exportTo.stream().sorted().toList());
    return new MeshService(shape, endpoints(ports));
  }

  private List<Endpoint> endpoints(Map<Integer, Port> ports) {
    record Spot(int servicePort, String address, int port) {}
    Set<Spot> taken = new HashSet<>();
    List<Endpoint> endpoints = new ArrayList<>();
    for (Contribution each : contributions) {
      for (Endpoint endpoint : endpointsOf(each)) {
        boolean usable = Names.ipAddress(endpoint.address()).isPresent();
        if (usable
            && ports.containsKey(endpoint.servicePort())
            && taken.add(new Spot(endpoint.servicePort(), endpoint.address(), endpoint.port()))) {
          endpoints.add(endpoint);
        }
      }
    }
    return endpoints;
  }

  private static List<Port> portsOf(Contribution contribution) {
    return switch (contribution) {
      case Registered(var service) -> service.ports();
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
      case Registered(var service) -> service.endpoints();
      case Entered entered -> EntryEndpoints.of(entered, key.host());
    };
  }
}
