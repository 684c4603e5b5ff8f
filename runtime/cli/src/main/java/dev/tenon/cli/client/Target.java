package dev.tenon.cli.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which process a command talks to. */
public final class Target {
  @Option(
      names = "--socket",
      paramLabel = "FILE",
      description =
          "The process's administration socket. Default: $TENON_SOCKET, else that of a control plane started"
              + " from this directory (run/control-plane, run/all-in-one, run/demo/control-plane).")
  private @Nullable Path socket;

  /** Connects. */
  public AdminSocket connect() {
    return new AdminSocket(find());
  }

  private Path find() {
    if (socket != null) {
      return socket;
    }
    String named = System.getenv("TENON_SOCKET");
    if (named != null && !named.isEmpty()) {
      return Path.of(named);
    }
    List<Path> usual = new ArrayList<>();
    for (String run : List.of("run/control-plane", "run/all-in-one", "run/demo/control-plane")) {
      usual.add(Path.of(run, "admin.sock"));
    }
    return usual.stream().filter(Files::exists).findFirst().orElse(usual.getFirst());
  }
}
