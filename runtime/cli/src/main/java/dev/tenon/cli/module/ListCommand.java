package dev.tenon.cli.module;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ListModulesResponse;
import dev.tenon.wire.admin.v1.ModuleInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon module list}: every generation that is there, and every jar that does not run. */
@Command(name = "list", description = "Lists the modules of a process: what runs, what comes and goes, and what does not run and why.")
final class ListCommand implements Callable<Integer> {
  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      ListModulesResponse list = socket.modules().list(ListModulesRequest.getDefaultInstance());
      if (format == Format.table) {
        format.print(System.out, Rows.MODULE, list.getModulesList().stream().map(Rows::inTable).toList());
        printReasons(list.getModulesList());
      } else {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("profile", list.getProfile());
        answer.put("version", list.getVersion());
        answer.put("pid", list.getPid());
        answer.put("ready", list.getReady());
        answer.put("modules", list.getModulesList().stream().map(Rows::whole).toList());
        format.print(System.out, answer);
      }
      return 0;
    }
  }

  /** One line each below a table, where they have room. */
  static void printReasons(List<ModuleInfo> modules) {
    modules.stream().filter(each -> !each.getReason().isEmpty()).forEach(each ->
        System.out.println("\n" + each.getName() + " (" + each.getFile() + ") " + each.getState() + ": " + each.getReason()));
  }
}
