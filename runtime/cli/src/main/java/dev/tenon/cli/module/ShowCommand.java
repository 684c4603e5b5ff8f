package dev.tenon.cli.module;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.ShowModuleRequest;
import dev.tenon.wire.admin.v1.ShowModuleResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon module show}: one module, the builds kept of it, and what happened to it lately. */
@Command(name = "show", description = "Shows one module: its generations, the builds it can be rolled back to, its latest events.")
final class ShowCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "A module's name.")
  private String name = "";

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      ShowModuleResponse shown = socket.modules().show(ShowModuleRequest.newBuilder().setModule(name).build());
      if (format == Format.table) {
        printTables(shown);
      } else {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("generations", shown.getGenerationsList().stream().map(Rows::whole).toList());
        answer.put("kept", shown.getKeptList().stream().map(Rows::whole).toList());
        answer.put("events", shown.getEventsList().stream().map(Rows::whole).toList());
        format.print(System.out, answer);
      }
      return 0;
    }
  }

  private static void printTables(ShowModuleResponse shown) {
    Format.table.print(System.out, Rows.MODULE, shown.getGenerationsList().stream().map(Rows::inTable).toList());
    ListCommand.printReasons(shown.getGenerationsList());
    System.out.println();
    Format.table.print(System.out, Rows.KEPT, shown.getKeptList().stream().map(Rows::inTable).toList());
    System.out.println();
    Format.table.print(System.out, Rows.EVENT, shown.getEventsList().stream().map(Rows::inTable).toList());
  }
}
