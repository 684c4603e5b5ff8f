package dev.tenon.pilot.gather;

import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Endpoints of registries that have a host name where others have an address: a service outside the mesh, mostly. */
public final class HostNames {
  private HostNames() {}

  /** Whether this is a host name, of a text that is one or an IP address: no name ends in a digit. */
  static boolean isName(String address) {
    return !address.isEmpty() && !Character.isDigit(address.charAt(address.length() - 1)) && address.indexOf(':') < 0;
  }

  private static boolean hasName(Service service) {
    for (Endpoint each : service.endpoints()) {
      if (isName(each.address())) {
        return true;
      }
    }
    return false;
  }

  /** Adds the names that endpoints of these catalogs have. */
  static void in(Collection<Catalog> catalogs, Set<String> names) {
    for (Catalog catalog : catalogs) {
      for (Service service : catalog.services().values()) {
        for (Endpoint each : service.endpoints()) {
          if (isName(each.address())) {
            names.add(each.address());
          }
        }
      }
    }
  }

  /**
   * A service with addresses in place of names; the same object when it has none.
   *
   * @param addresses by name, as far as they are known; an endpoint whose name is not has nowhere to be called
   */
  public static Service resolved(Service service, Map<String, List<String>> addresses) {
    if (!hasName(service)) {
      return service;
    }
    List<Endpoint> endpoints = new ArrayList<>();
    for (Endpoint each : service.endpoints()) {
      if (isName(each.address())) {
        addresses.getOrDefault(each.address(), List.of()).forEach(address -> endpoints.add(new Endpoint(each.servicePort(), address, each.port(),
            each.labels(), each.weight(), each.health(), each.locality(), each.serviceAccount())));
      } else {
        endpoints.add(each);
      }
    }
    return new Service(service.name(), service.aliases(), service.ports(), service.labels(), endpoints);
  }
}
