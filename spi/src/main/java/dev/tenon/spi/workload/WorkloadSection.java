package dev.tenon.spi.workload;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The section {@code workload} of a workload's own file ({@code workload.yaml}), for whoever reads that file: an agent, the registry of machines,
 * the command. Not thread-safe.
 */
public final class WorkloadSection {
  private static final int GREATEST_WEIGHT = 1_000_000;

  private final Fields fields;
  private final String namespace;
  private final String address;
  private final List<Integer> weights = new ArrayList<>();
  private final Map<Object, String> seen = new HashMap<>();

  private WorkloadSection(Fields fields) {
    this.fields = fields;
    this.namespace = dnsLabel(fields, "namespace", fields.text("namespace", "default"));
    this.address = address(fields);
  }

  /**
   * Reads it; what is wrong is said in its fields.
   *
   * @param fields the mapping below {@code workload}; every field of it is asked for
   */
  public static Entrant read(Fields fields) {
    return new WorkloadSection(fields).entrant();
  }

  private Entrant entrant() {
    String name = dnsLabel(fields, "name", fields.text("name"));
    String network = fields.text("network", "");
    if (!network.isEmpty()) {
      dnsLabel(fields, "network", network);
    }
    String group = fields.text("group", "");
    if (!group.isEmpty()) {
      dnsLabel(fields, "group", group);
    }
    String account = fields.text("serviceAccount", "");
    if (!account.isEmpty() && !Names.isDnsSubdomain(account)) {
      fields.error("serviceAccount", "\"" + account + "\" is not " + Names.DNS_LABEL + ", or several joined by dots");
    }
    Map<String, String> labels = labels();
    Locality locality = fields.mapping("locality").map(WorkloadSection::locality).orElse(Locality.NONE);
    List<WorkloadPort> ports = fields.mappings("ports").stream().map(this::port).toList();
    Workload workload = new Workload(name, namespace, network, address, labels, locality, account, ports);
    Optional<ReadinessProbe> probe = fields.mapping("probe").flatMap(ReadinessProbe::read).map(each -> each.asking(workload));
    return new Entrant(group, workload, weights, probe);
  }

  private static Locality locality(Fields said) {
    return new Locality(said.text("region", ""), said.text("zone", ""), said.text("subZone", ""));
  }

  private Map<String, String> labels() {
    Map<String, String> labels = fields.textMap("labels");
    labels.forEach(
        (key, value) -> {
          if (!Names.isLabelKey(key)) {
            fields.error("labels", "\"" + key + "\" is no label key; write name or dns.prefix/name, the name at most 63 letters, digits, - _ .");
          }
          if (!Names.isLabelValue(value)) {
            fields.error("labels", "\"" + value + "\" of " + key + " is no label value; write at most 63 letters, digits, - _ . with a letter or digit at each end");
          }
        });
    return labels;
  }

  private WorkloadPort port(Fields said) {
    String name = dnsLabel(said, "service", said.text("service"));
    String where = dnsLabel(said, "serviceNamespace", said.text("serviceNamespace", namespace));
    ServiceName service = new ServiceName(name, where);
    int servicePort = said.port("port");
    int listenPort = said.has("listen") ? said.port("listen") : said.whole("listen", 1, 65535).orElse((long) servicePort).intValue();
    Protocol protocol = protocol(said);
    once(said, "port", service + ":" + servicePort, "port " + servicePort + " of " + service);
    once(said, "listen", listenPort, String.valueOf(listenPort));
    String application = application(said, listenPort);
    weights.add(said.whole("weight", 1, GREATEST_WEIGHT).orElse(0L).intValue());
    return new WorkloadPort(service, servicePort, protocol, listenPort, application);
  }

  private void once(Fields said, String field, Object what, String name) {
    String before = seen.putIfAbsent(what, said.path());
    if (before != null && (said.has(field) || field.equals("listen"))) {
      said.error(field, name + " is already taken by " + before + "; give each its own");
    }
  }

  private static Protocol protocol(Fields said) {
    String text = said.text("protocol", "HTTP");
    Protocol protocol = Protocol.parse(text).orElse(Protocol.UNSPECIFIED);
    if (protocol == Protocol.UNSPECIFIED) {
      said.error("protocol", "\"" + text + "\" is no protocol; write HTTP");
    } else if (protocol != Protocol.HTTP) {
      said.error("protocol", protocol + " is not carried by this build, only HTTP is; leave this port out or say HTTP");
    }
    return protocol;
  }

  private String application(Fields said, int listenPort) {
    String text = said.text("application", "");
    if (text.isEmpty()) {
      return "";
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    if (Names.ipAddress(bare).isEmpty() || !isPort(text.substring(colon + 1))) {
      said.error("application", "\"" + text + "\" is no address:port; write where the application listens, like 127.0.0.1:8080");
    } else if (bare.equals(address) && text.substring(colon + 1).equals(String.valueOf(listenPort))) {
      said.error("application", "is where the proxy itself listens for the workload; let the application listen elsewhere, or leave this out when there is no proxy");
    }
    return text;
  }

  private static boolean isPort(String text) {
    return text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65535;
  }

  private static String address(Fields fields) {
    String text = fields.text("address");
    if (fields.has("address") && Names.ipAddress(text).isEmpty()) {
      fields.error("address", "\"" + text + "\" is no IP address; names are not resolved here");
    }
    return text;
  }

  private static String dnsLabel(Fields fields, String field, String text) {
    if (!text.isEmpty() && !Names.isDnsLabel(text)) {
      fields.error(field, "\"" + text + "\" is not " + Names.DNS_LABEL);
    } else if (text.isEmpty() && fields.has(field)) {
      fields.error(field, "must not be empty");
    }
    return text;
  }
}
