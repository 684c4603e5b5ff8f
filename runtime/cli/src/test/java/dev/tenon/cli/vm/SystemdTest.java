package dev.tenon.cli.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SystemdTest {
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
  void whatSystemdWouldReadOtherwiseIsQuoted() {
    HostFolder folder = new HostFolder(Path.of("/srv/my hosts/100%"));
    assertThat(Systemd.text(folder, "sidecar", "/t", "/j")).contains("\"/srv/my hosts/100%%/workload.yaml\"");
    assertThat(Systemd.unit(folder)).isEqualTo("tenon-100-.service");
  }
}
