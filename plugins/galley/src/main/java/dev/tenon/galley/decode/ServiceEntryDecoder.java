package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.ServiceEntry.Resolution;
import dev.tenon.spi.rules.WorkloadEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads Istio's {@code ServiceEntry}. */
final class ServiceEntryDecoder {
  private static final String NO_ADDRESSES =
      "requests find a service by its host alone, since nothing is captured; remove it";

  private ServiceEntryDecoder() {}

  static ServiceEntry decode(Meta meta, Fields spec) {
    final Resolution resolution = resolution(spec);
    List<Values.Item> hosts = Values.items(spec, "hosts");
    Values.requireSome(spec, "hosts", hosts);
    Map<Integer, Integer> targets = new LinkedHashMap<>();
    List<Port> ports = ports(spec, targets);
    List<WorkloadEntry.Spec> endpoints = endpoints(spec, ports, resolution);
    hosts.forEach(host -> checkHost(spec, host, resolution == Resolution.DNS && endpoints.isEmpty()));
    final Map<String, String> selector = selector(spec);
    final boolean external =
        spec.oneOf("location", Map.of("MESH_EXTERNAL", true, "MESH_INTERNAL", false)).orElse(true);
    spec.refuse("addresses", NO_ADDRESSES);
    spec.refuse("subjectAltNames", "this build originates no TLS that could check them; remove it");
    if (spec.atMostOne("endpoints", "workloadSelector").isEmpty() && resolution == Resolution.STATIC) {
      spec.warn("endpoints", "neither endpoints nor workloadSelector is given, so requests are answered 503", Values.DOUBTFUL);
    }
    return new ServiceEntry(
        meta,
        hosts.stream().map(Values.Item::text).toList(),
        ports,
        targets,
        resolution,
        endpoints,
        selector,
        external,
        Values.exportTo(spec, meta.namespace()));
  }

  private static Resolution resolution(Fields spec) {
    String text = spec.text("resolution", "NONE");
    switch (text) {
      case "STATIC":
        return Resolution.STATIC;
      case "DNS":
        return Resolution.DNS;
      case "NONE":
        Values.refuse(spec, "resolution", "NONE, which is the default, sends a connection where the caller meant it to go, and nothing is captured; write resolution: DNS or STATIC");
        break;
      case "DNS_ROUND_ROBIN", "DYNAMIC_DNS":
        Values.refuse(spec, "resolution", text + " looks names up for each connection; write resolution: DNS");
        break;
      default:
        spec.error("resolution", "\"" + text + "\" is none of DNS, DNS_ROUND_ROBIN, DYNAMIC_DNS, NONE, STATIC");
    }
    return Resolution.DNS;
  }

  private static List<Port> ports(Fields spec, Map<Integer, Integer> targets) {
    List<Port> ports = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<Integer> numbers = new HashSet<>();
    List<Fields> all = spec.mappings("ports");
    Values.requireSome(spec, "ports", all);
    for (Fields each : all) {
      int number = each.port("number");
      String name = each.text("name");
      if (!name.isEmpty() && !Names.isLabel(name)) {
        each.error("name", "\"" + name + "\" is no port name; it has lower-case letters, digits and '-'");
      }
      if (!name.isEmpty() && !names.add(name)) {
        each.error("name", "\"" + name + "\" is another port's name already");
      }
      if (!numbers.add(number)) {
        each.error("number", number + " is another port's number already");
      }
      Protocols.http(each, false);
      if (each.has("targetPort")) {
        targets.put(number, each.port("targetPort"));
      }
      each.node("targetPort");
      ports.add(new Port(number, name, Protocol.HTTP));
    }
    return ports;
  }

  private static List<WorkloadEntry.Spec> endpoints(Fields spec, List<Port> ports, Resolution resolution) {
    List<WorkloadEntry.Spec> result = new ArrayList<>();
    for (Fields each : spec.mappings("endpoints")) {
      WorkloadEntry.Spec endpoint = WorkloadEntryDecoder.decode(each, resolution == Resolution.DNS);
      for (String name : endpoint.ports().keySet()) {
        if (ports.stream().noneMatch(port -> port.name().equals(name))) {
          each.error("ports", "\"" + name + "\" is none of the entry's ports");
        }
      }
      result.add(endpoint);
    }
    return result;
  }

  private static Map<String, String> selector(Fields spec) {
    Optional<Fields> selector = spec.mapping("workloadSelector");
    if (selector.isEmpty()) {
      return Map.of();
    }
    Map<String, String> labels = Values.labels(selector.get(), "labels");
    if (labels.isEmpty()) {
      selector.get().error("labels", "is required; a selector without labels would select every workload");
    }
    return labels;
  }

  private static void checkHost(Fields spec, Values.Item host, boolean lookedUp) {
    String text = host.text();
    if (text.equals("*")) {
      Values.report(spec, host, "\"*\" is every host; name the host, or use *.domain");
    } else if (!Names.isHost(text) && !Names.isWildcardHost(text)) {
      Values.report(spec, host, Hosts.problem(text));
    } else if (lookedUp && text.startsWith("*")) {
      Values.report(spec, host, "\"" + text + "\" cannot be looked up in DNS; give endpoints, or name the host");
    }
  }
}
