package dev.tenon.cli.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which process a command talks to: one on this machine by its socket, or another by TLS and a token. */
public final class Target {
  private static final long LONGEST_TOKEN = 1024;

  @Option(
      names = {"--target", "--socket"},
      paramLabel = "DIR|FILE|HOST:PORT",
      description =
          "The process: its run directory or administration socket on this machine, or the address of its remote"
              + " administration. Default: $$TENON_SOCKET, else a control plane started from this directory"
              + " (run/control-plane, run/all-in-one, run/demo/control-plane).")
  private @Nullable String target;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "For HOST:PORT: holds the token that 'tenon token create' printed. Default: $$TENON_TOKEN.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "For HOST:PORT: PEM certificates that may have signed the process's own. Default: the JVM's.")
  private @Nullable Path authorities;

  @Option(
      names = "--server-name",
      paramLabel = "NAME",
      description = "For HOST:PORT: the name in the process's certificate, where it is not HOST.")
  private @Nullable String serverName;

  /**
   * Connects.
   *
   * @throws Refused when there is no such socket, or no token for a remote process
   */
  public AdminSocket connect() {
    String named = named();
    int colon = named.lastIndexOf(':');
    if (colon > 0 && !named.contains("/") && !Files.exists(Path.of(named))) {
      return remote(named.substring(0, colon), named.substring(colon + 1));
    }
    Path path = Path.of(named);
    return new AdminSocket(Files.isDirectory(path) ? path.resolve("admin.sock") : path);
  }

  private AdminSocket remote(String host, String port) {
    try {
      int number = Integer.parseInt(port);
      return AdminSocket.remote(host.replaceFirst("^\\[(.*)]$", "$1"), number, Objects.requireNonNullElse(serverName, ""), authorities, token());
    } catch (IllegalArgumentException e) {
      throw new Refused(host + ":" + port + " is no address of a process: " + e.getMessage());
    }
  }

  private String token() {
    if (tokenFile == null) {
      String token = System.getenv("TENON_TOKEN");
      if (token == null || token.isBlank()) {
        throw new Refused("a remote process wants a token: --token-file FILE or $TENON_TOKEN; "
            + "'tenon token create' makes one on the machine of the process");
      }
      return token.strip();
    }
    try {
      if (Files.size(tokenFile) > LONGEST_TOKEN) {
        throw new Refused(tokenFile + " is too large for a token");
      }
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new Refused("the token cannot be read: " + e);
    }
  }

  private String named() {
    if (target != null) {
      return target;
    }
    String named = System.getenv("TENON_SOCKET");
    if (named != null && !named.isEmpty()) {
      return named;
    }
    List<Path> usual = new ArrayList<>();
    for (String run : List.of("run/control-plane", "run/all-in-one", "run/demo/control-plane")) {
      usual.add(Path.of(run, "admin.sock"));
    }
    return usual.stream().filter(Files::exists).findFirst().orElse(usual.getFirst()).toString();
  }
}
