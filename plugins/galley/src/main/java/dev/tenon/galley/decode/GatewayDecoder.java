package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.rules.Gateway;
import dev.tenon.spi.rules.Gateway.Server;
import dev.tenon.spi.rules.Meta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads Istio's {@code Gateway}. */
final class GatewayDecoder {
  private GatewayDecoder() {}

  static Gateway decode(Meta meta, Fields spec) {
    final Map<String, String> selector = Values.labels(spec, "selector");
    List<Server> servers = new ArrayList<>();
    Set<String> ports = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Fields each : spec.mappings("servers")) {
      Server server = server(meta, each);
      servers.add(server);
      if (!server.portName().isEmpty() && !ports.add(server.portName())) {
        each.error("port", "the name \"" + server.portName() + "\" is given to another server's port already; names are unique");
      }
      String name = each.text("name", "");
      if (!name.isEmpty() && !names.add(name)) {
        each.error("name", "\"" + name + "\" is another server's name already; names are unique");
      }
    }
    Values.requireSome(spec, "servers", servers);
    return new Gateway(meta, selector, servers);
  }

  private static Server server(Meta meta, Fields server) {
    int number = 1;
    String portName = "";
    if (server.has("port")) {
      Fields port = server.mapping("port").orElse(null);
      if (port != null) {
        number = port.port("number");
        portName = port.text("name");
        Protocols.http(port, true);
        port.refuse("targetPort", "it has no effect on a gateway in Istio either; remove it");
      }
    } else {
      server.mapping("port");
      server.error("port", "is required");
    }
    String bind = server.text("bind", "");
    if (!bind.isEmpty() && !Names.isAddress(bind)) {
      if (bind.startsWith("unix://")) {
        Values.refuse(server, "bind", "a gateway listens on IP addresses alone; give one, or remove it");
      } else {
        server.error("bind", "\"" + bind + "\" is no IP address");
      }
    }
    List<Values.Item> hosts = Values.items(server, "hosts");
    Values.requireSome(server, "hosts", hosts);
    hosts.forEach(host -> checkHost(server, host));
    server.refuse("tls", "a gateway of this build serves plain HTTP alone; remove it");
    server.refuse("defaultEndpoint", "Istio never carried it out; remove it");
    return new Server(
        number, portName, Protocol.HTTP, bind, hosts.stream().map(host -> resolve(host.text(), meta.namespace())).toList());
  }

  private static void checkHost(Fields server, Values.Item item) {
    String text = item.text();
    int slash = text.indexOf('/');
    String namespace = slash < 0 ? "*" : text.substring(0, slash);
    String host = text.substring(slash + 1);
    if (!namespace.equals("*") && !namespace.equals(".") && !Names.isLabel(namespace)) {
      Values.report(server, item, "\"" + namespace + "\" is no namespace; write \"*\", \".\" or a namespace's name before the slash");
    }
    if (!host.equals("*") && !Names.isHost(host) && !Names.isWildcardHost(host) && !Names.isAddress(host)) {
      Values.report(server, item, Hosts.problem(host));
    }
  }

  /** {@code ./host} names the own namespace; {@code * /host} is the same as {@code host}. */
  private static String resolve(String text, String namespace) {
    if (text.startsWith("./")) {
      return namespace + text.substring(1);
    }
    return text.startsWith("*/") ? text.substring(2) : text;
  }
}
