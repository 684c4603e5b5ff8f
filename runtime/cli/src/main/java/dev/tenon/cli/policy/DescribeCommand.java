package dev.tenon.cli.policy;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Findings;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Refused;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon policy describe}: one object, whole, with those that it belongs to. */
@Command(name = "describe", description = "Shows a rule with its handlers and instances, or a handler, or an instance, with all that is known of it.")
final class DescribeCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "NAME.NAMESPACE of a rule, a handler or an instance, as 'tenon policy list' tells it.")
  private String name = "";

  @Option(names = {"-o", "--output"}, defaultValue = "yaml", description = "json, yaml")
  private Format format = Format.yaml;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      InMesh mesh = InMesh.ask(socket, "");
      Map<String, Object> found = new LinkedHashMap<>();
      List<Map<String, Object>> rules = mesh.policy().getRulesList().stream().filter(each -> each.getName().equals(name)).map(each -> Whole.rule(each, mesh)).toList();
      put(found, "rule", rules);
      put(found, "handlers", mesh.policy().getHandlersList().stream().filter(each -> each.getName().equals(name) || each.getRulesList().contains(name)).map(Whole::handler).toList());
      put(found, "instances", mesh.policy().getInstancesList().stream().filter(each -> each.getName().equals(name) || each.getRulesList().contains(name)).map(Whole::instance).toList());
      if (found.isEmpty()) {
        throw new Refused("there is no rule, handler or instance " + name + " here; 'tenon policy list' tells which there are");
      }
      put(found, "findings", Findings.rows(mesh.policy().getFindingsList().stream().filter(this::concerns).toList()));
      format.print(System.out, found);
      return 0;
    }
  }

  private boolean concerns(Finding finding) {
    return (" " + finding.getField() + " ").contains(" " + name + " ");
  }

  private static void put(Map<String, Object> found, String kind, List<Map<String, Object>> objects) {
    if (!objects.isEmpty()) {
      found.put(kind, objects);
    }
  }
}
