package dev.tenon.pilot.join;

import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Port;
import java.util.List;
import java.util.Optional;

/**
 * A service as the mesh knows it, whichever registries and entries it came from.
 *
 * @param shape everything but the endpoints: what routes and clusters depend on
 * @param endpoints in a stable order, each address and port once for each service port
 * @param sources who says so, who is believed first
 * @param conflicts between them
 */
public record MeshService(Shape shape, List<Endpoint> endpoints, List<String> sources, List<Conflict> conflicts) {
  public MeshService {
    endpoints = List.copyOf(endpoints);
    sources = List.copyOf(sources);
    conflicts = List.copyOf(conflicts);
  }

  /**
   * What callers may know of a service without knowing who answers.
   *
   * @param host its one name in the mesh, in lower case
   * @param namespace who owns it
   * @param name the short name in its namespace; empty for hosts of ServiceEntries
   * @param aliases other hosts that mean it
   * @param ports by number
   * @param exportTo {@code *} or the namespaces that may see it
   */
  public record Shape(
      String host,
      String namespace,
      String name,
      List<String> aliases,
      List<Port> ports,
      List<String> exportTo) {
    public Shape {
      aliases = List.copyOf(aliases);
      ports = List.copyOf(ports);
      exportTo = List.copyOf(exportTo);
    }

    /** The port of that number, if there is one. */
    public Optional<Port> port(int number) {
      return ports.stream().filter(port -> port.number() == number).findFirst();
    }

    /** Whether proxies of a namespace may call it. */
    public boolean visibleTo(String where) {
      return exportTo.contains("*") || exportTo.contains(where);
    }

    /** What tells services of one host apart. */
    public ServiceKey key() {
      return new ServiceKey(host, namespace);
    }
  }
}
