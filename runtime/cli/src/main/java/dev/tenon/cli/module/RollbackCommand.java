package dev.tenon.cli.module;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.RollbackModuleRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon module rollback}: puts back a build that served before. */
@Command(name = "rollback", description = "Puts back the last build of a module that served before the present one.")
final class RollbackCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "A module's name.")
  private String name = "";

  @Option(names = "--to", paramLabel = "BUILD", defaultValue = "", description = "One of the builds that 'tenon module show NAME' lists.")
  private String build = "";

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      Changed.print(format, socket.changes().rollback(RollbackModuleRequest.newBuilder().setModule(name).setBuild(build).build()));
      return 0;
    }
  }
}
