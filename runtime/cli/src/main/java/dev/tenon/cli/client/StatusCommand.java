package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.DescribePolicyRequest;
import dev.tenon.wire.admin.v1.DescribePolicyResponse;
import dev.tenon.wire.admin.v1.PolicyHandler;
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
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code tenon status}: every proxy, and whether it has what it was sent; what ails. A process that is no control plane tells of its
 * policy alone.
 */
@Command(
    name = "status",
    description = {
      "Shows each proxy: connected, versions sent and acknowledged, age; each registry; each source of configuration, and what is wrong in it;"
          + " handlers of policy that are not well in this process, such as a list that is out of date.",
      "A sidecar, by --target, tells of the handlers that it asks itself."
    })
public final class StatusCommand implements Callable<Integer> {
  private static final List<String> TYPES = List.of("CDS", "EDS", "LDS", "RDS", "POLICY", "WORKLOAD");

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      Optional<StatusResponse> mesh = part(() -> socket.mesh().status(StatusRequest.getDefaultInstance()));
      Optional<SourcesResponse> configuration = part(() -> socket.config().sources(SourcesRequest.getDefaultInstance()));
      Optional<DescribePolicyResponse> policy = part(() -> socket.policy().describe(DescribePolicyRequest.getDefaultInstance()));
      if (mesh.isEmpty() && policy.isEmpty()) {
        throw Status.UNIMPLEMENTED.asRuntimeException();
      }
      List<PolicyHandler> unwell = policy.map(StatusCommand::unwell).orElse(List.of());
      if (format == Format.table) {
        mesh.ifPresent(StatusCommand::printTables);
        configuration.ifPresent(StatusCommand::printSources);
        printHandlers(unwell, mesh.isPresent());
      } else {
        StatusResponse response = mesh.orElse(StatusResponse.getDefaultInstance());
        SourcesResponse sources = configuration.orElse(SourcesResponse.getDefaultInstance());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("proxies", response.getProxiesList().stream().map(StatusCommand::proxy).toList());
        answer.put("registries", response.getRegistriesList().stream().map(StatusCommand::registry).toList());
        answer.put("ailing", response.getAilingList().stream().map(StatusCommand::ailing).toList());
        answer.put("panicThreshold", response.getPanicThreshold());
        answer.put("panicking", response.getPanickingList().stream().map(StatusCommand::panicking).toList());
        answer.put("sources", sources.getSourcesList().stream().map(StatusCommand::source).toList());
        answer.put("errors", Findings.rows(sources.getErrorsList()));
        answer.put("handlers", unwell.stream().map(StatusCommand::handler).toList());
        format.print(System.out, answer);
      }
      return 0;
    }
  }

  /** What a module of the process says; empty when it has no such module. */
  private static <A> Optional<A> part(Supplier<A> asked) {
    try {
      return Optional.of(asked.get());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A control plane lacks adapters that proxies have: that one is absent is told of a process that asks it. */
  private static List<PolicyHandler> unwell(DescribePolicyResponse policy) {
    return policy.getHandlersList().stream()
        .filter(each -> !each.getReason().isEmpty() && !(policy.getWhole() && each.getState().equals("absent")))
        .toList();
  }

  private static void printHandlers(List<PolicyHandler> unwell, boolean below) {
    if (unwell.isEmpty()) {
      System.out.print(below ? "" : "all handlers that this process asks are well\n");
      return;
    }
    System.out.print(below ? "\n" : "");
    Format.table.print(
        System.out, List.of("handler", "adapter", "state", "reason"), unwell.stream().map(StatusCommand::handler).toList());
  }

  private static Map<String, Object> handler(PolicyHandler handler) {
    return Row.of(
        "handler", handler.getName(),
        "adapter", handler.getAdapter(),
        "state", handler.getState(),
        "reason", handler.getReason());
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
