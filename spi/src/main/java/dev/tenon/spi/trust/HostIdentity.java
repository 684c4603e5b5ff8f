package dev.tenon.spi.trust;

import dev.tenon.spi.config.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the credential of a host says: one workload, in one namespace, of one group, and the services that it may answer for. It stands in
 * the certificate as names of the kind URI (RFC 5280, 4.2.1.6): {@code spiffe://DOMAIN/host/NAMESPACE/GROUP/NAME}, then {@code
 * tenon:service:NAMESPACE/SERVICE} for each service. The path {@code /ns/…/sa/…} of a workload's own identity is left free.
 *
 * @param domain the trust domain
 * @param services {@code NAMESPACE/SERVICE}, at most {@value #MOST_SERVICES}
 */
public record HostIdentity(String domain, String namespace, String group, String name, List<String> services) {
  /** How many services one host may answer for. */
  public static final int MOST_SERVICES = 32;

  private static final String SCHEME = "spiffe://";
  private static final String SERVICE = "tenon:service:";

  public HostIdentity {
    services = List.copyOf(services);
  }

  /** As the certificate has it. */
  public List<String> uris() {
    List<String> uris = new ArrayList<>();
    uris.add(SCHEME + domain + "/host/" + namespace + "/" + group + "/" + name);
    services.forEach(each -> uris.add(SERVICE + each));
    return uris;
  }

  /** Reads a certificate's names; empty when they are not those of a host. */
  public static Optional<HostIdentity> of(List<String> uris) {
    if (uris.isEmpty() || !uris.getFirst().startsWith(SCHEME) || uris.size() > 1 + MOST_SERVICES) {
      return Optional.empty();
    }
    String[] parts = uris.getFirst().substring(SCHEME.length()).split("/", -1);
    if (parts.length != 5 || !parts[1].equals("host") || !Names.isDnsLabel(parts[2]) || !Names.isDnsLabel(parts[3]) || !Names.isDnsLabel(parts[4])) {
      return Optional.empty();
    }
    List<String> services = new ArrayList<>();
    for (String uri : uris.subList(1, uris.size())) {
      if (!uri.startsWith(SERVICE)) {
        return Optional.empty();
      }
      services.add(uri.substring(SERVICE.length()));
    }
    return Optional.of(new HostIdentity(parts[0], parts[2], parts[3], parts[4], services));
  }

  /** Whether it is this workload's. */
  public boolean isOf(String itsNamespace, String itsName) {
    return namespace.equals(itsNamespace) && name.equals(itsName);
  }

  /** Whether the host may answer for a service. */
  public boolean mayServe(String itsNamespace, String service) {
    return services.contains(itsNamespace + "/" + service);
  }
}
