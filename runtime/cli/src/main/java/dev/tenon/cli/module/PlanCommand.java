package dev.tenon.cli.module;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.PlanModulesRequest;
import dev.tenon.wire.admin.v1.PlannedStep;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon module plan}: what would be done; changes nothing. */
@Command(name = "plan", description = "Prints what the process would do, and changes nothing.")
final class PlanCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DIR",
      description = "A folder of jars here, as if it were the process's plugins/. Left out: what lies in plugins/ now.")
  private @Nullable Path folder;

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    PlanModulesRequest request = folder == null ? PlanModulesRequest.getDefaultInstance() : Folder.read(folder);
    try (AdminSocket socket = target.connect()) {
      List<PlannedStep> steps = socket.modules().plan(request).getStepsList();
      if (format == Format.table) {
        steps.forEach(step -> System.out.println(step.getText()));
        if (steps.isEmpty()) {
          System.out.println("nothing to do: what runs is what is wanted");
        }
      } else {
        format.print(System.out, List.of("action", "module", "text"), steps.stream().map(PlanCommand::row).toList());
      }
      return 0;
    }
  }

  private static Map<String, Object> row(PlannedStep step) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("action", step.getAction());
    row.put("module", step.getModule());
    row.put("text", step.getText());
    return row;
  }
}
