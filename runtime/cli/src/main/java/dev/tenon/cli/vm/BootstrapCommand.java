package dev.tenon.cli.vm;

import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Json;
import dev.tenon.cli.client.Refused;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.trust.HostCredential;
import dev.tenon.wire.enrolment.v1.HelloRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
        "Prints a bootstrap for a real Envoy as the sidecar of this host's workload.",
        "On a host that has joined ('tenon vm join --profile workload', which registers the workload and renews the credential) Envoy speaks TLS to the"
            + " control plane with the host's credential, and takes the renewed one when that comes.",
        "With --server it is for a workload that 'tenon workload register' registered, beside a control plane on this machine: no credential, no TLS."
      })
  static final class Envoy implements Callable<Integer> {
    @Option(names = "--workload", required = true, paramLabel = "FILE", description = "The file that the workload was registered with.")
    private Path workload = Path.of("workload.yaml");

    @Option(names = "--server", paramLabel = "HOST:PORT", description = "Instead of the control plane that was joined: one on this machine, its kernel.grpc.address.")
    private @Nullable String server;

    @Option(names = {"-o", "--output"}, defaultValue = "yaml", description = "${COMPLETION-CANDIDATES}")
    private Format format = Format.yaml;

    @Mixin private Place place = new Place();

    @Override
    public Integer call() throws IOException {
      HostFile file = file();
      if (server != null) {
        String local = loopback(server);
        String domain = domain(file, local, () -> Line.plain(local));
        format.print(System.out, new EnvoyBootstrap(Optional.empty(), local, file, domain).whole());
        return 0;
      }
      HostFolder folder = place.folder();
      if (!folder.joined()) {
        throw new Refused("this host has not joined: there is no credential in " + folder.credential().directory() + " for Envoy to show."
            + " 'tenon vm join --profile workload' gets one and keeps it fresh; beside a control plane on this machine, --server is enough");
      }
      String joined = Place.server(folder);
      HostCredential credential = folder.credential();
      EnvoyBootstrap bootstrap =
          new EnvoyBootstrap(Optional.of(folder), joined, file, domain(file, joined, () -> new Line(joined, credential, false)));
      Object whole = bootstrap.whole();
      folder.write(EnvoyBootstrap.secretsFile(folder), Json.write(EnvoyBootstrap.secrets(folder)) + "\n");
      format.print(System.out, whole);
      return 0;
    }

    private HostFile file() {
      try {
        return HostFile.read(workload);
      } catch (BadConfig e) {
        throw new Refused(String.valueOf(e.getMessage()));
      }
    }

    private static String loopback(String said) {
      String host = JoinCommand.SERVER.matcher(said).matches() ? said.substring(0, said.lastIndexOf(':')).replaceFirst("^\\[(.*)]$", "$1") : "";
      if (Names.ipAddress(host).filter(each -> each.isLoopbackAddress()).isEmpty()) {
        throw new Refused("--server " + said + " is no address of this machine's loopback with its port, like 127.0.0.1:15010; a control plane on another"
            + " machine wants a credential: 'tenon vm join --profile workload', then leave --server out");
      }
      return said;
    }

    /** Opens a connection to the control plane. */
    private interface Opening {
      Line open();
    }

    /** As the workload's file says, else as the control plane does. */
    private static String domain(HostFile file, String where, Opening opening) {
      if (file.domain().isPresent()) {
        return file.domain().get();
      }
      try (Line line = opening.open()) {
        return line.enrolment().hello(HelloRequest.getDefaultInstance()).getDomain();
      } catch (StatusRuntimeException e) {
        throw new Refused("the control plane at " + where + " does not say what the mesh's domain is (" + e.getStatus().getCode()
            + "); is it up? Or say it in the workload's file: mesh: {domain: cluster.local}");
      }
    }
  }
}
