package dev.tenon.cli.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdTest {
  private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

  @Test
  void theUnitRunsTheSidecarFromTheMembershipsOwnFiles() {
    String unit = Systemd.text(new HostFolder(Path.of("/var/lib/tenon/host")), "sidecar", "/opt/tenon/bin/tenon", "/usr/lib/jvm/25");
    assertThat(unit)
        .contains("ExecStart=\"/opt/tenon/bin/tenon\" run --profile sidecar --config \"/var/lib/tenon/host/workload.yaml\""
            + " --config \"/var/lib/tenon/host/host.yaml\"")
        .contains("Environment=\"TENON_JAVA_HOME=/usr/lib/jvm/25\"")
        .contains("WantedBy=multi-user.target");
  }

  @Test
  void systemdItselfFindsNothingWrongInTheUnit(@TempDir Path directory) throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(ANALYZE), "there is no " + ANALYZE);
    Path tenon = Files.writeString(directory.resolve("my tenon"), "#!/bin/sh\n");
    assertThat(tenon.toFile().setExecutable(true)).isTrue();
    String unit = Systemd.text(new HostFolder(directory.resolve("100% mine")), "sidecar", tenon.toString(), "/usr/lib/jvm/25");
    assertThat(verified(directory, unit)).isEmpty();
    assertThat(verified(directory, unit.replace("Restart=always", "Restart=sometimes"))).as("it looks").contains("sometimes");
    Files.delete(tenon);
    assertThat(verified(directory, unit)).as("it reads the command as it is meant").contains("my tenon");
  }

  /** What systemd says of a unit; nothing when it is good. */
  private static String verified(Path directory, String unit) throws Exception {
    Path file = Files.writeString(directory.resolve("tenon-host.service"), unit);
    Process verify = new ProcessBuilder(ANALYZE.toString(), "verify", "--man=no", file.toString()).redirectErrorStream(true).start();
    String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    verify.waitFor();
    return said.lines().filter(each -> each.contains("tenon")).collect(Collectors.joining("\n"));
  }

  @Test
  void whatSystemdWouldReadOtherwiseIsQuoted() {
    HostFolder folder = new HostFolder(Path.of("/srv/my hosts/100%"));
    assertThat(Systemd.text(folder, "sidecar", "/t", "/j")).contains("\"/srv/my hosts/100%%/workload.yaml\"");
    assertThat(Systemd.unit(folder)).isEqualTo("tenon-100-.service");
  }
}
