package dev.tenon.cli.vm;

import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Json;
import dev.tenon.cli.client.Refused;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tenon vm bootstrap}: what another proxy starts with. */
@Command(
    name = "bootstrap",
    description = "Prints what another proxy than Tenon's starts with on this host.",
    subcommands = BootstrapCommand.Envoy.class)
final class BootstrapCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say for what: " + String.join(", ", spec.subcommands().keySet()));
  }

  /** For a real Envoy. */
  @Command(
      name = "envoy",
      description = {
        "Prints a bootstrap for a real Envoy as the sidecar of this host's workload: it reads its configuration from the control plane that was"
            + " joined, with the host's credential, and the renewed one when that comes.",
        "Join with 'tenon vm join --profile workload', which registers the workload and renews the credential."
      })
  static final class Envoy implements Callable<Integer> {
    @Option(names = "--workload", required = true, paramLabel = "FILE", description = "The file that this host joined with.")
    private Path workload = Path.of("workload.yaml");

    @Option(names = {"-o", "--output"}, defaultValue = "yaml", description = "${COMPLETION-CANDIDATES}")
    private Format format = Format.yaml;

    @Mixin private Place place = new Place();

    @Override
    public Integer call() throws IOException {
      HostFolder folder = place.folder().checked();
      EnvoyBootstrap bootstrap = new EnvoyBootstrap(folder, Place.server(folder), document());
      Object whole = bootstrap.whole();
      folder.write(bootstrap.secretsFile(), Json.write(bootstrap.secrets()) + "\n");
      format.print(System.out, whole);
      return 0;
    }

    private Fields document() throws IOException {
      try {
        List<Node> documents = new YamlText().parse(workload.toString(), Files.readString(workload));
        if (documents.size() == 1 && documents.getFirst() instanceof Node.Mapping mapping) {
          return Fields.of(mapping);
        }
        throw new Refused(workload + " should be one mapping of sections");
      } catch (BadConfig e) {
        throw new Refused(String.valueOf(e.getMessage()));
      }
    }
  }
}
