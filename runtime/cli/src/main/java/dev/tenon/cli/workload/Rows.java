package dev.tenon.cli.workload;

import dev.tenon.cli.client.Ages;
import dev.tenon.cli.client.Format;
import dev.tenon.wire.admin.v1.RegisteredPort;
import dev.tenon.wire.admin.v1.RegisteredWorkload;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A workload as it is printed. */
final class Rows {
  private Rows() {}

  /** In a table, what is nested is one line. */
  static Map<String, Object> whole(RegisteredWorkload workload, Format format) {
    boolean table = format == Format.table;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("namespace", workload.getNamespace());
    row.put("name", workload.getName());
    row.put("group", workload.getGroup());
    row.put("network", workload.getNetwork());
    row.put("address", workload.getAddress());
    row.put("locality", workload.getLocality());
    row.put("serviceAccount", workload.getServiceAccount());
    row.put("weight", workload.getWeight());
    row.put("labels", new TreeMap<>(workload.getLabelsMap()));
    if (table) {
      row.put("services", String.join(" ", workload.getPortsList().stream().map(port -> service(workload, port)).toList()));
    } else {
      row.put("ports", workload.getPortsList().stream().map(Rows::port).toList());
      row.put("entryPorts", new TreeMap<>(workload.getEntryPortsMap()));
    }
    row.put("health", workload.getHealth());
    row.put("reason", workload.getReason());
    row.put(table ? "held by" : "heldBy", workload.getHeldBy());
    row.put(table ? "age" : "since", table ? Ages.since(workload.getSinceMillis()) : Instant.ofEpochMilli(workload.getSinceMillis()).toString());
    return row;
  }

  private static String service(RegisteredWorkload workload, RegisteredPort port) {
    String namespace = port.getServiceNamespace().equals(workload.getNamespace()) ? "" : "." + port.getServiceNamespace();
    return port.getService() + namespace + ":" + port.getServicePort();
  }

  private static Map<String, Object> port(RegisteredPort port) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("service", port.getService());
    row.put("serviceNamespace", port.getServiceNamespace());
    row.put("port", port.getServicePort());
    row.put("protocol", port.getProtocol());
    row.put("listen", port.getListenPort());
    if (!port.getApplication().isEmpty()) {
      row.put("application", port.getApplication());
    }
    row.put("weight", port.getWeight());
    return row;
  }
}
