package dev.tenon.e2e.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A machine as {@code tenon vm join} sees it where systemd runs: in a mount namespace of its own there are {@code /run/systemd/system} and an
 * empty {@code /etc/systemd/system}, and a {@code systemctl} that notes what it is told and runs a unit's command in the background.
 */
public final class PretendedSystemd implements AutoCloseable {
  private static final boolean ROOT = System.getProperty("user.name", "").equals("root");

  private static final String SYSTEMCTL = """
      #!/bin/sh
      here=$(dirname "$0")
      echo "$*" >> "$here/calls"
      if [ -e "$here/broken" ]; then
        echo "Failed to connect to bus: No such file or directory" >&2
        exit 1
      fi
      for unit; do :; done
      case $1 in
      enable)
        eval "export $(sed -n 's/^Environment=//p' "/etc/systemd/system/$unit")"
        start=$(sed -n 's/^ExecStart=//p' "/etc/systemd/system/$unit")
        eval "exec $start" > "$here/log" 2>&1 < /dev/null &
        echo $! > "$here/pid"
        ;;
      disable)
        pid=$(cat "$here/pid")
        kill "$pid"
        for try in $(seq 300); do
          [ -e "/proc/$pid/exe" ] || exit 0
          sleep 0.1
        done
        exit 1
        ;;
      esac
      """;

  private final Path directory;
  private final Path units;

  /** Nothing is registered with it yet. */
  public PretendedSystemd(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.units = Files.createDirectories(directory.resolve("units"));
    script("systemctl", SYSTEMCTL);
    script("journalctl", "#!/bin/sh\ntail -n 10 \"$(dirname \"$0\")/log\"\n");
  }

  private void script(String name, String text) throws IOException {
    Path file = Files.writeString(directory.resolve(name), text);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
  }

  /** Skips the test where mount namespaces are not permitted. */
  public static void permitted() {
    Outside.needed(Files.isDirectory(Path.of("/etc/systemd/system")), "there is no /etc/systemd/system to stand in for");
    List<String> command = new ArrayList<>(namespace());
    command.addAll(List.of("mount", "-t", "tmpfs", "none", "/run"));
    boolean may;
    try {
      Process tried = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      may = tried.waitFor(40, TimeUnit.SECONDS) && tried.exitValue() == 0;
    } catch (IOException e) {
      may = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      may = false;
    }
    org.junit.jupiter.api.Assumptions.assumeTrue(may, "mount namespaces are not permitted here");
  }

  private static List<String> namespace() {
    return ROOT ? List.of("unshare", "--mount", "--propagation", "private") : List.of("unshare", "--map-root-user", "--mount", "--propagation", "private");
  }

  /** Runs the command on that machine. */
  public Command.Result tenon(Distribution distribution, String... words) {
    List<String> command = new ArrayList<>(namespace());
    command.addAll(List.of("sh", "-c",
        "mount -t tmpfs none /run && mkdir -p /run/systemd/system && mount --bind \"$0\" /etc/systemd/system && exec \"$@\"",
        units.toString(), distribution.tenon().toString()));
    command.addAll(List.of(words));
    return Command.run(directory, command, Map.of("PATH", directory + ":" + System.getenv("PATH")));
  }

  /** What systemctl was told, one line for each call; nothing is remembered twice. */
  public List<String> calls() throws IOException {
    Path file = directory.resolve("calls");
    List<String> calls = Files.exists(file) ? Files.readAllLines(file) : List.of();
    Files.deleteIfExists(file);
    return calls;
  }

  /** Whether it fails from now on. */
  public void broken(boolean now) throws IOException {
    if (now) {
      Files.writeString(directory.resolve("broken"), "");
    } else {
      Files.deleteIfExists(directory.resolve("broken"));
    }
  }

  /** The file of a unit. */
  public Path unit(String name) {
    return units.resolve(name);
  }

  /** Whether the command of the unit that was enabled last runs; one that has ended and that nobody took note of does not. */
  public boolean runs() throws IOException {
    return process().filter(each -> Files.exists(Path.of("/proc/" + each.pid() + "/exe"))).isPresent();
  }

  private java.util.Optional<ProcessHandle> process() throws IOException {
    Path file = directory.resolve("pid");
    return Files.exists(file) ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip())) : java.util.Optional.empty();
  }

  @Override
  public void close() throws IOException {
    process().ifPresent(ProcessHandle::destroyForcibly);
  }
}
