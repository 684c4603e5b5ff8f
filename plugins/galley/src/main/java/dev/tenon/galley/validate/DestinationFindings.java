package dev.tenon.galley.validate;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.spi.rules.DestinationRule;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.VirtualService;
import dev.tenon.spi.rules.VirtualService.Action;
import dev.tenon.spi.rules.VirtualService.Destination;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Destinations that lead nowhere: a host that neither registry nor entry has, a port it has not, a
 * subset that no rule has (IST0101); a port that must be said (IST0112); a route of a gateway that
 * passes the subsets of another rule by (IST0140). Services themselves are the registries' to know.
 */
final class DestinationFindings {
  private final World world;
  private final Map<String, List<DestinationRule>> rules = new HashMap<>();
  private final List<DestinationRule> wildcardRules = new ArrayList<>();
  private final List<ServiceEntry> entries = new ArrayList<>();
  private final Map<String, List<VirtualService>> splitting = new HashMap<>();

  private DestinationFindings(World world) {
    this.world = world;
    world.destinationRules(
        (decoded, rule) -> {
          if (rule.host().startsWith("*")) {
            wildcardRules.add(rule);
          } else {
            rules.computeIfAbsent(world.names.full(rule.host(), rule.meta().namespace()), key -> new ArrayList<>()).add(rule);
          }
        });
    world.serviceEntries((decoded, entry) -> entries.add(entry));
    world.virtualServices((decoded, service) -> rememberSplit(service));
  }

  static void add(World world) {
    DestinationFindings findings = new DestinationFindings(world);
    world.virtualServices(findings::routes);
  }

  private void rememberSplit(VirtualService service) {
    for (VirtualService.HttpRoute route : service.http()) {
      if (route.action() instanceof Action.Forward forward) {
        forward.destinations().stream()
            .map(VirtualService.WeightedDestination::destination)
            .filter(each -> !each.subset().isEmpty() && service.hosts().contains(each.host()))
            .map(each -> world.names.full(each.host(), service.meta().namespace()))
            .distinct()
            .forEach(host -> splitting.computeIfAbsent(host, key -> new ArrayList<>()).add(service));
      }
    }
  }

  private void routes(Decoded decoded, VirtualService service) {
    for (int i = 0; i < service.http().size(); i++) {
      if (service.http().get(i).action() instanceof Action.Forward forward) {
        for (int j = 0; j < forward.destinations().size(); j++) {
          String path = "spec.http[" + i + "].route[" + j + "].destination";
          destination(decoded, service, forward.destinations().get(j).destination(), path);
        }
      }
    }
  }

  private void destination(Decoded decoded, VirtualService service, Destination destination, String path) {
    String host = world.names.full(destination.host(), service.meta().namespace());
    Optional<ServiceEntry> entry = entry(host, service.meta().namespace());
    if (entry.isPresent()) {
      port(decoded, destination, entry.get(), path);
    } else if (!world.names.isService(host)) {
      world.warn(decoded, "IST0101", path + ".host", "Referenced host not found: \"" + destination.host() + "\"; apply a ServiceEntry for it, or correct the name");
    }
    if (!destination.subset().isEmpty()) {
      if (!hasSubset(host, destination.subset(), service.meta().namespace())) {
        world.warn(
            decoded,
            "IST0101",
            path + ".subset",
            "Referenced host+subset in destinationrule not found: \"" + destination.host() + "+" + destination.subset()
                + "\"; apply a DestinationRule that has it, or requests are answered 503");
      }
    } else if (service.gateways().stream().anyMatch(name -> !name.equals("mesh"))) {
      passedBy(decoded, service, host, path);
    }
  }

  private void passedBy(Decoded decoded, VirtualService service, String host, String path) {
    splitting.getOrDefault(host, List.of()).stream()
        .filter(other -> !other.meta().equals(service.meta()))
        .forEach(
            other ->
                world.warn(
                    decoded,
                    "IST0140",
                    path + ".host",
                    "Subset in virtual service " + other.meta().key() + " has no effect on ingress gateway "
                        + service.meta().key() + " requests; name the subset here too"));
  }

  private void port(Decoded decoded, Destination destination, ServiceEntry entry, String path) {
    List<Integer> numbers = entry.ports().stream().map(dev.tenon.spi.model.Port::number).toList();
    if (destination.port().isEmpty()) {
      if (numbers.size() > 1) {
        world.warn(
            decoded,
            "IST0112",
            path + ".host",
            "This VirtualService routes to a service \"" + destination.host() + "\" that exposes multiple ports " + numbers
                + ". Specifying a port in the destination is required to disambiguate.");
      }
    } else if (!numbers.contains(destination.port().get())) {
      world.warn(
          decoded,
          "IST0101",
          path + ".port.number",
          "Referenced host:port not found: \"" + destination.host() + ":" + destination.port().get() + "\"; the entry has " + numbers);
    }
  }

  private Optional<ServiceEntry> entry(String host, String namespace) {
    return entries.stream()
        .filter(entry -> World.visible(entry.exportTo(), namespace))
        .filter(entry -> entry.hosts().stream().anyMatch(each -> HostNames.overlap(world.names.full(each, entry.meta().namespace()), host)))
        .findFirst();
  }

  private boolean hasSubset(String host, String subset, String namespace) {
    return java.util.stream.Stream.concat(
            rules.getOrDefault(host, List.of()).stream(),
            wildcardRules.stream().filter(rule -> HostNames.overlap(rule.host(), host)))
        .filter(rule -> rule.meta().namespace().equals(namespace) || World.visible(rule.exportTo(), namespace))
        .anyMatch(rule -> rule.subsets().stream().anyMatch(each -> each.name().equals(subset)));
  }
}
