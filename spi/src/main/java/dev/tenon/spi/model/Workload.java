package dev.tenon.spi.model;

import java.util.List;
import java.util.Map;

/**
 * One running instance of something: a VM process, a pod, a Nomad allocation, a gateway.
 *
 * @param name unique in its namespace
 * @param namespace where its configuration is looked for
 * @param network which network its address is valid in; empty is the mesh's default network
 * @param address an IP address in text form
 * @param labels what Gateway selectors, subsets and policies see
 * @param locality where it is
 * @param serviceAccount of its identity; {@code default} when nothing was said
 * @param ports what it answers for; empty for a gateway or a client
 * @param condition how it is
 * @param weight its share where a ServiceEntry selects it, at least 1
 * @param entryPorts by port name, where it listens for a ServiceEntry that selects it; Istio's {@code WorkloadEntry.ports}
 * @param belonging what it is one of, and on which machine it runs
 */
public record Workload(
    String name,
    String namespace,
    String network,
    String address,
    Map<String, String> labels,
    Locality locality,
    String serviceAccount,
    List<WorkloadPort> ports,
    Condition condition,
    int weight,
    Map<String, Integer> entryPorts,
    Belonging belonging) {
  public Workload {
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
    entryPorts = Map.copyOf(entryPorts);
  }

  /** One that belongs to nobody. */
  public Workload(
      String name,
      String namespace,
      String network,
      String address,
      Map<String, String> labels,
      Locality locality,
      String serviceAccount,
      List<WorkloadPort> ports,
      Condition condition,
      int weight,
      Map<String, Integer> entryPorts) {
    this(name, namespace, network, address, labels, locality, serviceAccount, ports, condition, weight, entryPorts, Belonging.NONE);
  }

  /** One whose services are all that is called of it. */
  public Workload(
      String name,
      String namespace,
      String network,
      String address,
      Map<String, String> labels,
      Locality locality,
      String serviceAccount,
      List<WorkloadPort> ports,
      Condition condition) {
    this(name, namespace, network, address, labels, locality, serviceAccount, ports, condition, 1, Map.of());
  }

  /** One of which nothing bad is known. */
  public Workload(
      String name,
      String namespace,
      String network,
      String address,
      Map<String, String> labels,
      Locality locality,
      String serviceAccount,
      List<WorkloadPort> ports) {
    this(name, namespace, network, address, labels, locality, serviceAccount, ports, Condition.WELL);
  }

  /** The same workload in another condition. */
  public Workload in(Condition other) {
    return new Workload(
        name, namespace, network, address, labels, locality, serviceAccount, ports, other, weight, entryPorts, belonging);
  }

  /** The same workload where it belongs. */
  public Workload of(Belonging other) {
    return new Workload(
        name, namespace, network, address, labels, locality, serviceAccount, ports, condition, weight, entryPorts, other);
  }

  /** {@code namespace/name}, the key by which a catalog holds it. */
  public String key() {
    return namespace + "/" + name;
  }
}
