package dev.tenon.registry.vm.accept;

import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.wire.registration.v1.Port;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the ports of one workload, each for itself and all against each other. */
final class PortReader {
  private static final int MOST_PORTS = 64;
  private static final int GREATEST_WEIGHT = 1_000_000;

  private final String namespace;
  private final String address;
  private final List<WorkloadPort> ports = new ArrayList<>();
  private final List<Integer> weights = new ArrayList<>();
  private final Map<Object, Integer> seen = new HashMap<>();

  PortReader(String namespace, String address) {
    this.namespace = namespace;
    this.address = address;
  }

  List<WorkloadPort> ports() {
    return ports;
  }

  List<Integer> weights() {
    return weights;
  }

  void read(List<Port> said) throws BadBeat {
    if (said.size() > MOST_PORTS) {
      throw new BadBeat("workload.ports", said.size() + " are too many; give at most " + MOST_PORTS);
    }
    for (int index = 0; index < said.size(); index++) {
      read(index, said.get(index));
    }
  }

  private void read(int index, Port said) throws BadBeat {
    String at = "workload.ports[" + index + "].";
    BeatReader.dnsLabel(at + "service", said.getService());
    String where = said.getServiceNamespace().isEmpty() ? namespace : said.getServiceNamespace();
    BeatReader.dnsLabel(at + "service_namespace", where);
    ServiceName service = new ServiceName(said.getService(), where);
    int servicePort = number(at + "service_port", said.getServicePort());
    int listenPort = number(at + "listen_port", said.getListenPort());
    Protocol protocol = protocol(at + "protocol", said.getProtocol());
    once(at + "listen_port", listenPort, index, String.valueOf(listenPort));
    once(at + "service_port", service + ":" + servicePort, index, "port " + servicePort + " of " + service);
    String application = application(at + "application", said.getApplication(), listenPort);
    weights.add(weight(at + "weight", said.getWeight()));
    ports.add(new WorkloadPort(service, servicePort, protocol, listenPort, application));
  }

  private void once(String field, Object what, int index, String name) throws BadBeat {
    Integer before = seen.putIfAbsent(what, index);
    if (before != null) {
      throw new BadBeat(field, name + " is already taken by workload.ports[" + before + "]; give each its own");
    }
  }

  private static Protocol protocol(String field, String name) throws BadBeat {
    Protocol protocol = name.isEmpty() ? Protocol.UNSPECIFIED : Protocol.parse(name).orElse(null);
    if (protocol == null || protocol == Protocol.UNSPECIFIED) {
      throw new BadBeat(field, (name.isEmpty() ? "is required" : BeatReader.shown(name) + " is no protocol") + "; write HTTP");
    }
    if (protocol != Protocol.HTTP) {
      throw new BadBeat(field, protocol + " is not carried by this build, only HTTP is; leave this port out or say HTTP");
    }
    return protocol;
  }

  private String application(String field, String text, int listenPort) throws BadBeat {
    if (text.isEmpty()) {
      return "";
    }
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new BadBeat(field, BeatReader.shown(text) + " should be address:port");
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String ip = BeatReader.address(field, bracketed ? host.substring(1, host.length() - 1) : host);
    int port = number(field, text.substring(colon + 1));
    if (ip.equals(address) && port == listenPort) {
      throw new BadBeat(field, BeatReader.shown(text)
          + " is where the workload's proxy listens; let the application listen elsewhere, or leave the field empty when there is no proxy");
    }
    return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + port;
  }

  private static int number(String field, String text) throws BadBeat {
    try {
      return number(field, Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      throw new BadBeat(field, "the port " + BeatReader.shown(text) + " is no number between 1 and 65535");
    }
  }

  private static int number(String field, int port) throws BadBeat {
    if (port < 1 || port > 65535) {
      throw new BadBeat(field, port == 0 ? "is required" : Integer.toUnsignedString(port) + " is not between 1 and 65535");
    }
    return port;
  }

  private static int weight(String field, int weight) throws BadBeat {
    if (weight < 0 || weight > GREATEST_WEIGHT) {
      throw new BadBeat(field, Integer.toUnsignedString(weight) + " is not between 1 and " + GREATEST_WEIGHT);
    }
    return weight;
  }
}
