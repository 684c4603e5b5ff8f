package dev.tenon.galley.validate;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.spi.rules.Gateway;
import dev.tenon.spi.rules.VirtualService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Gateways that are missing (IST0101), that do not serve a route's hosts (IST0132), or that claim the
 * same port and host (IST0145).
 */
final class GatewayFindings {
  private GatewayFindings() {}

  static void add(World world) {
    Map<String, Gateway> gateways = new HashMap<>();
    world.gateways((decoded, gateway) -> gateways.put(gateway.meta().key(), gateway));
    world.virtualServices((decoded, service) -> references(world, gateways, decoded, service));
    conflicts(world);
  }

  private static void references(
      World world, Map<String, Gateway> gateways, Decoded decoded, VirtualService service) {
    for (int i = 0; i < service.gateways().size(); i++) {
      String name = service.gateways().get(i);
      if (name.equals("mesh")) {
        continue;
      }
      Gateway gateway = gateways.get(name);
      String path = "spec.gateways[" + i + "]";
      if (gateway == null) {
        world.warn(decoded, "IST0101", path, "Referenced gateway not found: \"" + name + "\"; apply it, or correct the name");
      } else if (!servesOne(gateway, service)) {
        world.warn(
            decoded,
            "IST0132",
            path,
            "one or more host " + service.hosts() + " defined in VirtualService " + service.meta().key()
                + " not found in Gateway " + name + "; add the host to one of its servers");
      }
    }
  }

  private static boolean servesOne(Gateway gateway, VirtualService service) {
    String namespace = service.meta().namespace();
    return gateway.servers().stream()
        .flatMap(server -> server.hosts().stream())
        .filter(host -> host.indexOf('/') < 0 || host.startsWith(namespace + "/"))
        .map(host -> host.substring(host.indexOf('/') + 1))
        .anyMatch(host -> service.hosts().stream().anyMatch(each -> HostNames.overlap(host, each)));
  }

  /** One server of one gateway. */
  private record Claim(Decoded decoded, Gateway gateway, int index) {
    Gateway.Server server() {
      return gateway.servers().get(index);
    }
  }

  private static void conflicts(World world) {
    Map<String, List<Claim>> byPort = new HashMap<>();
    world.gateways(
        (decoded, gateway) -> {
          for (int i = 0; i < gateway.servers().size(); i++) {
            Gateway.Server server = gateway.servers().get(i);
            byPort.computeIfAbsent(server.bind() + ":" + server.port(), key -> new ArrayList<>()).add(new Claim(decoded, gateway, i));
          }
        });
    for (List<Claim> claims : byPort.values()) {
      for (Claim claim : claims) {
        Set<String> others = new TreeSet<>();
        for (Claim other : claims) {
          if (!other.gateway().meta().equals(claim.gateway().meta()) && collide(claim, other)) {
            others.add(other.gateway().meta().key());
          }
        }
        if (!others.isEmpty()) {
          say(world, claim, others);
        }
      }
    }
  }

  private static void say(World world, Claim claim, Set<String> others) {
    world.warn(
        claim.decoded(),
        "IST0145",
        "spec.servers[" + claim.index() + "]",
        "Conflict with gateways " + String.join(",", others) + " (workload selector " + claim.gateway().selector()
            + ", port " + claim.server().port() + ", hosts " + claim.server().hosts() + "); keep the host in one of them");
  }

  private static boolean collide(Claim one, Claim other) {
    boolean sameWorkloads =
        one.gateway().selector().entrySet().containsAll(other.gateway().selector().entrySet())
            || other.gateway().selector().entrySet().containsAll(one.gateway().selector().entrySet());
    return sameWorkloads
        && one.server().hosts().stream().anyMatch(host -> other.server().hosts().stream().anyMatch(each -> same(host, each)));
  }

  /** Istio warns of hosts that are the same or of which one contains the other, namespaces apart. */
  private static boolean same(String one, String other) {
    int slash = one.indexOf('/');
    int otherSlash = other.indexOf('/');
    boolean apart = slash >= 0 && otherSlash >= 0 && !one.substring(0, slash).equals(other.substring(0, otherSlash));
    return !apart && HostNames.overlap(one.substring(slash + 1), other.substring(otherSlash + 1));
  }
}
