package dev.tenon.pilot.support;

import dev.tenon.pilot.gather.Inputs;
import dev.tenon.pilot.join.Joiner;
import dev.tenon.pilot.join.Mesh;
import dev.tenon.pilot.scope.PolicyService;
import dev.tenon.pilot.scope.Proxy;
import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.pilot.translate.Snapshot;
import dev.tenon.pilot.translate.Panic;
import dev.tenon.pilot.translate.Translator;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.rules.DestinationRule.Subset;
import dev.tenon.spi.rules.DestinationRule.TrafficPolicy;
import dev.tenon.spi.rules.DestinationRule;
import dev.tenon.spi.rules.FilterRule;
import dev.tenon.spi.rules.Gateway;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.VirtualService;
import dev.tenon.spi.rules.WorkloadEntry;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A mesh under construction, and the questions that tests ask of it: when this proxy calls that host,
 * where does it go? Answers are found in what pilot really serves.
 */
public final class Town {
  private final NavigableMap<String, Map<ServiceName, Service>> services = new TreeMap<>();
  private final NavigableMap<String, Map<String, Workload>> workloads = new TreeMap<>();
  private final Map<String, VirtualService> virtualServices = new HashMap<>();
  private final Map<String, DestinationRule> destinationRules = new HashMap<>();
  private final Map<String, Gateway> gateways = new HashMap<>();
  private final Map<String, ServiceEntry> serviceEntries = new HashMap<>();
  private final Map<String, WorkloadEntry> workloadEntries = new HashMap<>();
  private final Map<String, PolicyRules> policies = new HashMap<>();
  private final Map<String, FilterRule> filters = new HashMap<>();
  private final Map<String, List<String>> addresses = new HashMap<>();
  private final Joiner joiner = new Joiner("cluster.local");
  private final Translator translator = new Translator(PolicyService.USUAL, Panic.USUAL);

  /** An empty town. */
  public Town() {}

  /** The four services of Bookinfo, with one workload for each version, and the gateway. */
  public static Town bookinfo() {
    return new Town()
        .workload("productpage-v1", "127.0.0.11", "productpage", "v1")
        .workload("details-v1", "127.0.0.12", "details", "v1")
        .workload("reviews-v1", "127.0.0.13", "reviews", "v1")
        .workload("reviews-v2", "127.0.0.14", "reviews", "v2")
        .workload("reviews-v3", "127.0.0.15", "reviews", "v3")
        .workload("ratings-v1", "127.0.0.16", "ratings", "v1")
        .add(
            "vm",
            new Workload(
                "istio-ingressgateway",
                "istio-system",
                "",
                "127.0.0.10",
                Map.of("istio", "ingressgateway"),
                Locality.NONE,
                "default",
                List.of()));
  }

  /** A workload in the namespace default that answers for port 9080 of a service. */
  public Town workload(String name, String address, String service, String version) {
    ServiceName serviceName = new ServiceName(service, "default");
    Map<String, String> labels = Map.of("app", service, "version", version);
    WorkloadPort port =
        new WorkloadPort(serviceName, 9080, Protocol.HTTP, 9080, address + ":8080");
    add("vm", new Workload(name, "default", "", address, labels, Locality.NONE, "default", List.of(port)));
    Map<ServiceName, Service> there = services.computeIfAbsent("vm", _ -> new HashMap<>());
    List<Endpoint> endpoints = new ArrayList<>();
    Service before = there.get(serviceName);
    if (before != null) {
      endpoints.addAll(before.endpoints());
    }
    endpoints.add(endpoint(9080, address, 9080, labels));
    return add("vm", service(service + ".default", endpoints, 9080));
  }

  /** An endpoint that may be called. */
  public static Endpoint endpoint(int servicePort, String address, int port, Map<String, String> labels) {
    return new Endpoint(servicePort, address, port, labels, 1, Health.HEALTHY, Locality.NONE, "");
  }

  /** A service {@code name.namespace} of HTTP ports. */
  public static Service service(String name, List<Endpoint> endpoints, int... ports) {
    int dot = name.indexOf('.');
    return new Service(
        new ServiceName(name.substring(0, dot), name.substring(dot + 1)),
        List.of(),
        Arrays.stream(ports).mapToObj(port -> new Port(port, "http-" + port, Protocol.HTTP)).toList(),
        Map.of(),
        endpoints);
  }

  public Town add(String registry, Service service) {
    services.computeIfAbsent(registry, _ -> new HashMap<>()).put(service.name(), service);
    return this;
  }

  public Town add(String registry, Workload workload) {
    workloads.computeIfAbsent(registry, _ -> new HashMap<>()).put(workload.key(), workload);
    return this;
  }

  public Town without(String registry, ServiceName service) {
    services.getOrDefault(registry, Map.of()).remove(service);
    return this;
  }

  public Town without(String registry, String workload) {
    workloads.getOrDefault(registry, Map.of()).remove(workload);
    return this;
  }

  public Town add(Rule rule) {
    VirtualService built = rule.build();
    virtualServices.put(built.meta().key(), built);
    return this;
  }

  /** A DestinationRule whose subsets are versions. */
  public Town versions(String key, String host, String... versions) {
    List<Subset> subsets =
        Arrays.stream(versions)
            .map(version -> new Subset(version, Map.of("version", version), TrafficPolicy.DEFAULT))
            .toList();
    return add(new DestinationRule(Rule.meta(key), host, TrafficPolicy.DEFAULT, subsets, List.of("*")));
  }

  public Town add(DestinationRule rule) {
    destinationRules.put(rule.meta().key(), rule);
    return this;
  }

  /** A Gateway for workloads labelled {@code istio: ingressgateway}. */
  public Town gateway(String key, int port, String... hosts) {
    Gateway.Server server = new Gateway.Server(port, "http", Protocol.HTTP, "", List.of(hosts));
    return add(new Gateway(Rule.meta(key), Map.of("istio", "ingressgateway"), List.of(server)));
  }

  public Town add(Gateway gateway) {
    gateways.put(gateway.meta().key(), gateway);
    return this;
  }

  public Town add(ServiceEntry entry) {
    serviceEntries.put(entry.meta().key(), entry);
    return this;
  }

  public Town add(WorkloadEntry entry) {
    workloadEntries.put(entry.meta().key(), entry);
    return this;
  }

  public Town add(PolicyRules rules) {
    policies.put(rules.namespace(), rules);
    return this;
  }

  public Town add(FilterRule filter) {
    filters.put(filter.meta().key(), filter);
    return this;
  }

  /** What a host name stands for, as if it had been looked up. */
  public Town known(String host, String... ip) {
    addresses.put(host, List.of(ip));
    return this;
  }

  /** All of it. */
  public Inputs inputs() {
    NavigableMap<String, Catalog> catalogs = new TreeMap<>();
    services.keySet().forEach(name -> catalogs.put(name, Catalog.EMPTY));
    workloads.keySet().forEach(name -> catalogs.put(name, Catalog.EMPTY));
    catalogs.replaceAll(
        (name, _) ->
            new Catalog(
                services.getOrDefault(name, Map.of()), workloads.getOrDefault(name, Map.of())));
    return new Inputs(catalogs, rules(), addresses);
  }

  /** The rules alone. */
  public RuleSet rules() {
    return new RuleSet(
        virtualServices, destinationRules, gateways, serviceEntries, workloadEntries, policies, filters);
  }

  public Mesh mesh() {
    return joiner.join(inputs());
  }

  public Translator translator() {
    return translator;
  }

  public Snapshot snapshot(Proxy proxy) {
    return translator.translate(mesh(), proxy);
  }

  /** A Tenon sidecar in the namespace default. */
  public static Proxy sidecar(String name, String address) {
    return sidecar(name, "default", address, true);
  }

  public static Proxy sidecar(String name, String namespace, String address, boolean tenon) {
    return new Proxy(
        "sidecar~" + address + "~" + name + "." + namespace + "~" + namespace + ".svc.cluster.local",
        Proxy.Kind.SIDECAR,
        name,
        namespace,
        address,
        Map.of("app", name),
        15002,
        address,
        "",
        PolicyService.CLUSTER,
        tenon,
        tenon ? "tenon 0.1.0" : "envoy 1.40.0");
  }

  public static Proxy ingress() {
    return new Proxy(
        "router~127.0.0.10~istio-ingressgateway.istio-system~istio-system.svc.cluster.local",
        Proxy.Kind.GATEWAY,
        "istio-ingressgateway",
        "istio-system",
        "127.0.0.10",
        Map.of("istio", "ingressgateway"),
        0,
        "127.0.0.1",
        "",
        PolicyService.CLUSTER,
        true,
        "tenon 0.1.0");
  }

  /** The routes behind a sidecar's HTTP proxy port. */
  public RouteConfiguration httpProxy(Proxy proxy) {
    return Read.routes(snapshot(proxy), "http_proxy");
  }

  /** What becomes of a request that the application beside a sidecar sends. */
  public Taken from(Proxy proxy, Call call) {
    return Taken.of(httpProxy(proxy), call);
  }

  /** What becomes of a request that reaches the gateway. */
  public Taken atGateway(int port, Call call) {
    return Taken.of(Read.routes(snapshot(ingress()), "http." + port), call);
  }

  public boolean has(Proxy proxy, ResourceType type, String name) {
    return snapshot(proxy).of(type).containsKey(name);
  }
}
