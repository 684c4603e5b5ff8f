package dev.tenon.cli.module;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.ModuleEvent;
import dev.tenon.wire.admin.v1.ModuleHistoryRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon module history}: what happened, also before the process was last started. */
@Command(name = "history", description = "Shows what happened to modules, the latest last; kept over restarts of the process.")
final class HistoryCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", defaultValue = "", description = "One module; all when left out.")
  private String name = "";

  @Option(names = {"-n", "--lines"}, paramLabel = "COUNT", defaultValue = "50", description = "At most so many (${DEFAULT-VALUE}); 0 for all.")
  private int most;

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      List<ModuleEvent> events = socket.modules()
          .history(ModuleHistoryRequest.newBuilder().setModule(name).setMost(Math.max(0, most)).build())
          .getEventsList()
          .reversed();
      format.print(System.out, Rows.EVENT, events.stream().map(format == Format.table ? Rows::inTable : Rows::whole).toList());
      return 0;
    }
  }
}
