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

/** {@code tenon module install}: adds a jar to the drop folder, or a newer version of one. */
@Command(name = "install", description = "Installs a jar, or a newer version of a module that runs; done when it is active.")
final class InstallCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "A jar: a module, or a plug-in with META-INF/services.")
  private Path file = Path.of("");

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      Changed.print(format, Upload.send(socket, file, false));
      return 0;
    }
  }
}
