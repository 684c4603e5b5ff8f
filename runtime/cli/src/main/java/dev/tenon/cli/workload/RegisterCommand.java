package dev.tenon.cli.workload;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Findings;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.cli.client.Texts;
import dev.tenon.wire.admin.v1.RegisterWorkloadRequest;
import dev.tenon.wire.admin.v1.RegisterWorkloadResponse;
import dev.tenon.wire.admin.v1.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon workload register}: of a machine without an agent. */
@Command(
    name = "register",
    description = {
      "Registers workloads that have no agent, each by its workload.yaml. They stay, and count as healthy, until they are deregistered; a restart of"
          + " the control plane changes nothing of that.",
      "A machine that joins ('tenon vm join') registers itself and needs none of this."
    })
final class RegisterCommand implements Callable<Integer> {
  @Option(
      names = {"-f", "--workload"},
      required = true,
      paramLabel = "FILE|DIR",
      description = "Who it is, as docs/guides/sidecar.md describes it; - for standard input. May be repeated.")
  private List<String> files = List.of();

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    List<Map<String, Object>> rows = new ArrayList<>();
    boolean refused = false;
    try (AdminSocket socket = target.connect()) {
      for (Text text : Texts.read(files)) {
        RegisterWorkloadResponse response =
            socket.workloads().register(RegisterWorkloadRequest.newBuilder().setOrigin(text.getOrigin()).setYaml(text.getYaml()).build());
        Findings.print(System.err, response.getFindingsList());
        refused |= response.getChange().isEmpty();
        if (!response.getChange().isEmpty()) {
          rows.add(row(response));
        }
      }
    }
    format.print(System.out, List.of("namespace", "name", "change"), rows);
    return refused ? 1 : 0;
  }

  private static Map<String, Object> row(RegisterWorkloadResponse response) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("namespace", response.getNamespace());
    row.put("name", response.getName());
    row.put("change", response.getChange());
    return row;
  }
}
