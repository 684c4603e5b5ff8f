package dev.tenon.cli.vm;

import dev.tenon.cli.client.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The membership as a service of systemd, named by its directory. */
final class Systemd {
  private static final Path RUNS = Path.of("/run/systemd/system");
  private static final Path UNITS = Path.of("/etc/systemd/system");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int CALL_SECONDS = 30;

  private final HostFolder folder;
  private final String profile;

  Systemd(HostFolder folder, String profile) {
    this.folder = folder;
    this.profile = profile;
  }

  /** Whether systemd runs this machine, and this user may give it services. */
  static boolean runs() {
    return Files.isDirectory(RUNS) && Files.isWritable(UNITS);
  }

  static String unit(HostFolder folder) {
    return "tenon-" + String.valueOf(folder.directory().getFileName()).replaceAll("[^A-Za-z0-9_.-]", "-") + ".service";
  }

  /** Whether the membership is a service. */
  static boolean has(HostFolder folder) {
    return Files.exists(UNITS.resolve(unit(folder)));
  }

  static void remove(HostFolder folder) throws IOException {
    Files.deleteIfExists(UNITS.resolve(unit(folder)));
    call("daemon-reload");
  }

  /** What is written; a path with white space or a per cent sign is quoted for systemd. */
  static String text(HostFolder folder, String profile, String tenon, String java) {
    return """
    [Unit]
    Description=Tenon %1$s (%2$s)
    Wants=network-online.target
    After=network-online.target
    StartLimitIntervalSec=0

    [Service]
    Environment=%6$s
    ExecStart=%3$s run --profile %1$s --config %4$s --config %5$s
    Restart=always
    RestartSec=1
    KillMode=mixed
    TimeoutStopSec=30
    UMask=0077

    [Install]
    WantedBy=multi-user.target
    """
        .formatted(
            profile, folder.directory(), quoted(tenon), quoted(folder.workload().toString()), quoted(folder.settings().toString()),
            quoted("TENON_JAVA_HOME=" + java));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + "\"";
  }

  /** Writes, enables and starts it, and waits until it has joined. */
  int start() throws IOException {
    String unit = unit(folder);
    Path file = UNITS.resolve(unit);
    Path partial = UNITS.resolve("." + unit + ".partial");
    Files.writeString(partial, text(folder, profile, System.getenv("TENON_HOME") + "/bin/tenon", System.getProperty("java.home", "")));
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    call("daemon-reload");
    call("enable", "--now", unit);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!folder.joined() || !Files.exists(folder.run().resolve("admin.sock"))) {
      if (System.nanoTime() - deadline > 0) {
        String log = output(List.of("journalctl", "-u", unit, "-n", "10", "--no-pager", "-o", "cat"));
        call("disable", "--now", unit);
        throw new Refused("the host did not join within " + PATIENCE.toSeconds() + " s; the service is stopped again. It said:\n" + log);
      }
      pause();
    }
    System.out.println("joined; " + unit + " runs, and starts with this machine. 'tenon vm status' shows how it is");
    return 0;
  }

  static void call(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("systemctl"));
    command.addAll(List.of(words));
    output(command);
  }

  private static String output(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    try {
      String said = new String(process.getInputStream().readNBytes(16_384), StandardCharsets.UTF_8);
      if (!process.waitFor(CALL_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new Refused(String.join(" ", command) + " did not end within " + CALL_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new Refused(String.join(" ", command) + " failed: " + said.strip());
      }
      return said.strip();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  static void pause() throws IOException {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
