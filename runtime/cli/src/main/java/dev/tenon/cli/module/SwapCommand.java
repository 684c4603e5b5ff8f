package dev.tenon.cli.module;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon module swap}: replaces a module that runs, by an older version too. */
@Command(
    name = "swap",
    description = "Replaces the module that a jar names by that jar, whatever the versions; done when it is active. "
        + "If it does not become active, what ran goes on and the drop folder is as it was.")
final class SwapCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "A jar of a module that runs.")
  private Path file = Path.of("");

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      Changed.print(format, Upload.send(socket, file, true));
      return 0;
    }
  }
}
