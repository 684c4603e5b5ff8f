package dev.tenon.cli.module;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.RemoveModuleRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon module remove}: takes a module out of the drop folder, or says there that it is not wanted. */
@Command(name = "remove", description = "Drains and unloads a module. What the profile needs is not removed, only replaced.")
final class RemoveCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "A module's name.")
  private String name = "";

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      Changed.print(format, socket.changes().remove(RemoveModuleRequest.newBuilder().setModule(name).build()));
      return 0;
    }
  }
}
