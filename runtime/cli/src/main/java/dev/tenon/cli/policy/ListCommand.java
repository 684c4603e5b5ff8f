package dev.tenon.cli.policy;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Findings;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Row;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.PolicyAction;
import dev.tenon.wire.admin.v1.PolicyHandler;
import dev.tenon.wire.admin.v1.PolicyRule;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon policy list}: every rule, whom it asks, what it is for; every handler. */
@Command(
    name = "list",
    description = "Lists rules with what they hold for, handlers with where they run and what was counted here, and what is wrong with them.")
final class ListCommand implements Callable<Integer> {
  @Option(names = {"-n", "--namespace"}, paramLabel = "NAME", defaultValue = "", description = "One namespace; all when left out.")
  private String namespace = "";

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      InMesh mesh = InMesh.ask(socket, namespace);
      if (format == Format.table) {
        print(mesh);
      } else {
        format.print(System.out, Row.of(
            "rules", mesh.policy().getRulesList().stream().map(each -> Whole.rule(each, mesh)).toList(),
            "handlers", mesh.policy().getHandlersList().stream().map(Whole::handler).toList(),
            "instances", mesh.policy().getInstancesList().stream().map(Whole::instance).toList(),
            "findings", Findings.rows(mesh.policy().getFindingsList())));
      }
      return 0;
    }
  }

  private void print(InMesh mesh) {
    format.print(
        System.out, List.of("rule", "asks", "on-failure", "services", "proxies"),
        mesh.policy().getRulesList().stream().map(each -> line(each, mesh)).toList());
    System.out.println();
    format.print(
        System.out, List.of("handler", "adapter", "state", "runs", "allowed", "denied", "failed", "reported"),
        mesh.policy().getHandlersList().stream().map(ListCommand::line).toList());
    mesh.policy().getHandlersList().stream()
        .filter(each -> !each.getReason().isEmpty())
        .forEach(each -> System.out.println("\n" + each.getName() + ": " + each.getReason()));
    if (mesh.policy().getFindingsCount() > 0) {
      System.out.println();
      Findings.print(System.out, mesh.policy().getFindingsList());
    }
  }

  private static Map<String, Object> line(PolicyRule rule, InMesh mesh) {
    return Row.of(
        "rule", rule.getName(),
        "asks", rule.getActionsCount() == 0 ? "-" : rule.getActionsList().stream().map(PolicyAction::getHandler).distinct().collect(Collectors.joining(",")),
        "on-failure", rule.getOnFailure(),
        "services", mesh.knowsMesh() ? rule.getServicesCount() : "-",
        "proxies", mesh.knowsMesh() ? mesh.proxies(rule).size() : "-");
  }

  private static Map<String, Object> line(PolicyHandler handler) {
    return Row.of(
        "handler", handler.getName(),
        "adapter", handler.getAdapter(),
        "state", handler.getState(),
        "runs", handler.getRuns().isEmpty() ? "-" : handler.getRuns(),
        "allowed", handler.getAllowed(),
        "denied", handler.getDenied(),
        "failed", handler.getFailed(),
        "reported", handler.getReported());
  }
}
