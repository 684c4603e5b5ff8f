package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.ProxyStatus;
import dev.tenon.wire.admin.v1.RegistryStatus;
import dev.tenon.wire.admin.v1.ServiceHealth;
import dev.tenon.wire.admin.v1.SourceStatus;
import dev.tenon.wire.admin.v1.SourcesRequest;
import dev.tenon.wire.admin.v1.SourcesResponse;
import dev.tenon.wire.admin.v1.StatusRequest;
import dev.tenon.wire.admin.v1.StatusResponse;
import dev.tenon.wire.admin.v1.TypeStatus;
import dev.tenon.wire.admin.v1.WorkloadHealth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon status}: every proxy, and whether it has what it was sent. */
@Command(
    name = "status",
    description = "Shows each proxy: connected, versions sent and acknowledged, age; each registry; each source of configuration, and what is wrong in it.")
public final class StatusCommand implements Callable<Integer> {
  private static final List<String> TYPES = List.of("CDS", "EDS", "LDS", "RDS", "POLICY", "WORKLOAD");

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      StatusResponse response = socket.mesh().status(StatusRequest.getDefaultInstance());
      SourcesResponse sources = socket.config().sources(SourcesRequest.getDefaultInstance());
      if (format == Format.table) {
        printTables(response);
        printSources(sources);
      } else {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("proxies", response.getProxiesList().stream().map(StatusCommand::proxy).toList());
        answer.put("registries", response.getRegistriesList().stream().map(StatusCommand::registry).toList());
        answer.put("ailing", response.getAilingList().stream().map(StatusCommand::ailing).toList());
        answer.put("panicThreshold", response.getPanicThreshold());
        answer.put("panicking", response.getPanickingList().stream().map(StatusCommand::panicking).toList());
        answer.put("sources", sources.getSourcesList().stream().map(StatusCommand::source).toList());
        answer.put("errors", Findings.rows(sources.getErrorsList()));
        format.print(System.out, answer);
      }
      return 0;
    }
  }

  private static void printTables(StatusResponse response) {
    Format.table.print(
        System.out,
        List.of("proxy", "address", "agent", "connected", "cds", "eds", "lds", "rds", "policy", "workload"),
        response.getProxiesList().stream().map(StatusCommand::proxyRow).toList());
    System.out.println();
    Format.table.print(
        System.out,
        List.of("registry", "state", "since", "services", "workloads", "reason"),
        response.getRegistriesList().stream().map(StatusCommand::registry).toList());
    if (response.getAilingCount() > 0) {
      System.out.println();
      Format.table.print(
          System.out,
          List.of("workload", "health", "reason"),
          response.getAilingList().stream().map(StatusCommand::ailing).toList());
    }
    response
        .getPanickingList()
        .forEach(
            service ->
                System.out.println(
                    "\n" + service.getHost() + " port " + service.getPort() + " panics: " + service.getHealthy() + " of "
                        + service.getEndpoints() + " endpoints are healthy, so all of them are called (panic threshold "
                        + response.getPanicThreshold() + " %)"));
    response
        .getProxiesList()
        .forEach(proxy -> proxy.getNotesList().forEach(note -> System.out.println("\n" + proxy.getNode() + ": " + note)));
    response
        .getProxiesList()
        .forEach(
            proxy ->
                proxy.getTypesList().stream()
                    .filter(type -> !type.getRefusal().isEmpty())
                    .forEach(
                        type ->
                            System.out.println(
                                "\n" + proxy.getNode() + " refused " + type.getType() + " "
                                    + type.getVersionSent() + ": " + type.getRefusal())));
  }

  private static void printSources(SourcesResponse sources) {
    System.out.println();
    Format.table.print(
        System.out,
        List.of("source", "state", "since", "objects", "reason"),
        sources.getSourcesList().stream().map(StatusCommand::source).toList());
    if (sources.getErrorsCount() > 0) {
      System.out.println();
      Findings.print(System.out, sources.getErrorsList());
    }
  }

  private static Map<String, Object> proxyRow(ProxyStatus proxy) {
    Map<String, Object> row = new LinkedHashMap<>();
    String[] parts = proxy.getNode().split("~", -1);
    row.put("proxy", parts.length == 4 ? parts[2] : proxy.getNode());
    row.put("address", proxy.getAddress());
    row.put("agent", proxy.getUserAgent());
    row.put("connected", proxy.getConnected() ? Ages.since(proxy.getConnectedSinceMillis()) : "no");
    for (String name : TYPES) {
      row.put(name.toLowerCase(java.util.Locale.ROOT), "-");
    }
    for (TypeStatus type : proxy.getTypesList()) {
      row.put(type.getType().toLowerCase(java.util.Locale.ROOT), word(type));
    }
    return row;
  }

  private static String word(TypeStatus type) {
    if (!type.getRefusal().isEmpty()) {
      return "REFUSED";
    }
    if (type.getVersionSent().equals(type.getVersionAcknowledged())) {
      return "SYNCED " + Ages.since(type.getAcknowledgedMillis());
    }
    return "SENT " + Ages.since(type.getSentMillis());
  }

  private static Map<String, Object> proxy(ProxyStatus proxy) {
    return Row.of(
        "node", proxy.getNode(),
        "namespace", proxy.getNamespace(),
        "address", proxy.getAddress(),
        "agent", proxy.getUserAgent(),
        "connected", proxy.getConnected(),
        "connectedSince", proxy.getConnectedSinceMillis(),
        "notes", List.copyOf(proxy.getNotesList()),
        "types", proxy.getTypesList().stream().map(StatusCommand::type).toList());
  }

  private static Map<String, Object> type(TypeStatus type) {
    return Row.of(
        "type", type.getType(),
        "sent", type.getVersionSent(),
        "acknowledged", type.getVersionAcknowledged(),
        "refusal", type.getRefusal(),
        "sentMillis", type.getSentMillis(),
        "acknowledgedMillis", type.getAcknowledgedMillis());
  }

  private static Map<String, Object> source(SourceStatus source) {
    return Row.of(
        "source", source.getName(),
        "state", source.getState(),
        "since", Ages.since(source.getSinceMillis()),
        "objects", source.getObjects(),
        "reason", source.getReason());
  }

  private static Map<String, Object> ailing(WorkloadHealth workload) {
    return Row.of(
        "workload", workload.getWorkload(),
        "health", workload.getHealth(),
        "reason", workload.getReason());
  }

  private static Map<String, Object> panicking(ServiceHealth service) {
    return Row.of(
        "host", service.getHost(),
        "port", service.getPort(),
        "endpoints", service.getEndpoints(),
        "healthy", service.getHealthy());
  }

  private static Map<String, Object> registry(RegistryStatus registry) {
    return Row.of(
        "registry", registry.getName(),
        "state", registry.getState(),
        "since", Ages.since(registry.getSinceMillis()),
        "services", registry.getServices(),
        "workloads", registry.getWorkloads(),
        "reason", registry.getReason());
  }
}
