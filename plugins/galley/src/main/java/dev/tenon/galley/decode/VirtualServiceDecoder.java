package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.VirtualService;
import dev.tenon.spi.rules.VirtualService.HttpRoute;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads Istio's {@code VirtualService}. */
final class VirtualServiceDecoder {
  private VirtualServiceDecoder() {}

  static VirtualService decode(Meta meta, Fields spec) {
    List<Values.Item> hosts = Values.items(spec, "hosts");
    Values.requireSome(spec, "hosts", hosts);
    List<String> gateways = GatewayNames.read(spec, meta.namespace());
    boolean mesh = gateways.isEmpty() || gateways.contains(GatewayNames.MESH);
    Set<String> names = new HashSet<>();
    for (Values.Item host : hosts) {
      checkHost(spec, host, mesh);
      if (!names.add(host.text())) {
        Values.report(spec, host, "\"" + host.text() + "\" is named twice; remove one");
      }
    }
    Values.refuseAll(
        spec, "this build routes HTTP alone; use http, or leave the host to its Service", "tcp", "tls");
    List<HttpRoute> http = spec.mappings("http").stream().map(route -> HttpRouteDecoder.decode(meta.namespace(), route)).toList();
    if (http.isEmpty() && !spec.has("tcp") && !spec.has("tls")) {
      Values.requireSome(spec, "http", http);
    }
    return new VirtualService(
        meta,
        hosts.stream().map(Values.Item::text).toList(),
        gateways.isEmpty() ? List.of(GatewayNames.MESH) : gateways,
        Values.exportTo(spec, meta.namespace()),
        http);
  }

  private static void checkHost(Fields spec, Values.Item host, boolean mesh) {
    String text = host.text();
    if (text.equals("*")) {
      if (mesh) {
        Values.report(spec, host, "\"*\" is for gateways alone; name the hosts, or bind the object to a gateway and not to mesh");
      }
    } else if (!Names.isHost(text) && !Names.isWildcardHost(text) && !Names.isAddress(text)) {
      Values.report(spec, host, Hosts.problem(text));
    }
  }
}
