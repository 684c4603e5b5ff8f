package dev.tenon.galley.validate;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.spi.rules.VirtualService;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A host of the mesh that two VirtualServices claim where both are seen (IST0109). */
final class HostFindings {
  private HostFindings() {}

  /** Who claims a host, and where in the claiming object it stands. */
  private record Claim(Decoded decoded, VirtualService service, int index) {}

  static void add(World world) {
    Map<String, List<Claim>> claims = new TreeMap<>();
    world.virtualServices(
        (decoded, service) -> {
          if (service.gateways().contains("mesh")) {
            for (int i = 0; i < service.hosts().size(); i++) {
              String host = world.names.full(service.hosts().get(i), service.meta().namespace());
              claims.computeIfAbsent(host, key -> new ArrayList<>()).add(new Claim(decoded, service, i));
            }
          }
        });
    claims.forEach((host, all) -> all.forEach(each -> collisions(world, host, each, all)));
  }

  private static void collisions(World world, String host, Claim claim, List<Claim> all) {
    Set<String> names = new LinkedHashSet<>();
    for (Claim other : all) {
      if (seenTogether(claim.service(), other.service())) {
        names.add(other.service().meta().key());
      }
    }
    if (names.size() > 1) {
      world.warn(
          claim.decoded(),
          "IST0109",
          "spec.hosts[" + claim.index() + "]",
          "The VirtualServices " + String.join(",", names) + " associated with mesh gateway define the same host " + host
              + " which can lead to undefined behavior. This can be fixed by merging the conflicting VirtualServices into a single resource.");
    }
  }

  private static boolean seenTogether(VirtualService one, VirtualService other) {
    return one.exportTo().contains("*")
        || other.exportTo().contains("*")
        || one.exportTo().stream().anyMatch(other.exportTo()::contains);
  }
}
