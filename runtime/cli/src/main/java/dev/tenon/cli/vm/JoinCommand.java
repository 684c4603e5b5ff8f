package dev.tenon.cli.vm;

import dev.tenon.cli.client.Refused;
import dev.tenon.kernel.boot.Boot;
import dev.tenon.kernel.boot.BootOptions;
import dev.tenon.spi.trust.JoinToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tenon vm join}: from nothing to a member of the mesh that serves. */
@Command(
    name = "join",
    description = {
      "Joins the mesh and serves: gets this host's credential with the token, then runs the workload's sidecar, as services of systemd where that"
          + " runs, else in the foreground until SIGTERM or Ctrl-C.",
      "The token carries the hash of the control plane's authority: nothing is sent to another."
    })
final class JoinCommand implements Callable<Integer> {
  /** What is said of a text that is no token. */
  static final String NO_TOKEN =
      "that is no join token, or not the whole of one: it is tenon-join. and three parts of hexadecimal digits with dots between,"
          + " as 'tenon vm token create' printed it";

  static final Pattern SERVER = Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[^\\s\\[\\]:\"]+):[0-9]{1,5}");
  private static final long LONGEST_WORKLOAD = 1 << 20;

  @Option(names = "--server", required = true, paramLabel = "HOST:PORT", description = "The control plane's mesh port: its kernel.grpc.secure.")
  private String server = "";

  @Option(names = "--token", paramLabel = "TOKEN", description = "As 'tenon vm token create' printed it. Default: $$TENON_JOIN_TOKEN, which other users of this machine do not see.")
  private @Nullable String token;

  @Option(names = "--workload", required = true, paramLabel = "FILE", description = "Who this host's workload is: see docs/guides/vm.md.")
  private Path workload = Path.of("workload.yaml");

  @Option(names = "--directory", paramLabel = "DIR", description = "Where the membership is kept; one for each workload. Default: /var/lib/tenon/host for root, else ~/.local/state/tenon/host.")
  private @Nullable Path directory;

  @Option(names = "--profile", paramLabel = "NAME", defaultValue = "sidecar", description = "sidecar, or workload where another proxy, or none, stands before the application (${DEFAULT-VALUE}).")
  private String profile = "sidecar";

  @Option(names = "--foreground", description = "Stay in the foreground where systemd runs, too.")
  private boolean foreground;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    HostFolder folder = new HostFolder((directory == null ? HostFolder.usual() : directory).toAbsolutePath().normalize());
    check();
    folder.make();
    if (!folder.joined()) {
      folder.write(folder.token(), token() + "\n");
    }
    folder.write(folder.settings(), settings(folder));
    if (!foreground && Systemd.runs()) {
      folder.write(folder.workload(), Files.readString(workload));
      return new Systemd(folder, profile).start();
    }
    return Boot.run(new BootOptions(home(), version(), profile, List.of(workload, folder.settings()), List.of()));
  }

  private void check() throws IOException {
    if (!SERVER.matcher(server).matches()) {
      throw new ParameterException(spec.commandLine(), "--server " + server + " is no HOST:PORT; write it like 10.0.0.1:15012 or [fd00::1]:15012");
    }
    if (!profile.equals("sidecar") && !profile.equals("workload")) {
      throw new ParameterException(spec.commandLine(), "--profile " + profile + " does not join; there are sidecar and workload");
    }
    if (!Files.isRegularFile(workload)) {
      throw new Refused("there is no file " + workload + "; docs/guides/vm.md shows what belongs there");
    }
    if (Files.size(workload) > LONGEST_WORKLOAD) {
      throw new Refused(workload + " is larger than a mebibyte, too large to say who a workload is");
    }
  }

  /** The token that was given, or lies in the environment; empty when there is none. */
  static String given(@Nullable String said) {
    return Optional.ofNullable(said).or(() -> Optional.ofNullable(System.getenv("TENON_JOIN_TOKEN"))).orElse("").strip();
  }

  private String token() {
    String text = given(token);
    if (text.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--token is missing; 'tenon vm token create --group GROUP' on the control plane prints one");
    }
    if (JoinToken.parse(text).isEmpty()) {
      throw new Refused(NO_TOKEN);
    }
    return text;
  }

  private String settings(HostFolder folder) {
    return """
    # Written by tenon vm join; laid over the workload's own file.
    run: {directory: "%s"}
    mesh: {controlPlane: "%s", credential: "%s"}
    """
        .formatted(folder.run(), server, folder.credential().directory());
  }

  private static Path home() {
    String home = System.getProperty("tenon.home", "");
    if (home.isEmpty()) {
      throw new Refused("start this by bin/tenon, which knows where the distribution lies");
    }
    return Path.of(home);
  }

  private static String version() {
    return Optional.ofNullable(JoinCommand.class.getPackage().getImplementationVersion()).orElse("unpackaged");
  }
}
