package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.PretendedSystemd;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A machine on which systemd runs joins: its sidecar becomes a service. What systemd does is pretended; the command, the unit and the sidecar are real. */
@Tag("system")
class VmSystemdTest {
  private static final int HOST = 31;
  private static TestMesh mesh;
  private static PretendedSystemd systemd;
  private static HttpServer application;

  @BeforeAll
  static void start() throws IOException {
    PretendedSystemd.permitted();
    mesh = TestMesh.start("vm-systemd");
    systemd = new PretendedSystemd(mesh.run("systemd"));
    application = HttpServer.create(new InetSocketAddress(mesh.address(HOST), 8080), 0);
    application.createContext("/", exchange -> {
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    application.start();
  }

  @AfterAll
  static void end() throws IOException {
    if (application != null) {
      application.stop(0);
    }
    if (systemd != null) {
      systemd.close();
    }
    if (mesh != null) {
      mesh.close();
    }
  }

  private static String token(int uses) {
    Command.Result made = mesh.tenon("vm", "token", "create", "--group", "reviews", "--uses", String.valueOf(uses));
    assertThat(made.exit()).as(made.err()).isZero();
    return made.out().strip();
  }

  private static Command.Result join(String name, String token) {
    Path workload = mesh.written(name + ".yaml", """
        workload:
          name: %1$s
          address: %2$s
          ports:
          - {service: reviews, port: 9080, application: "%2$s:8080"}
        proxy: {admin: {address: "%2$s:15000"}, outbound: %2$s}
        """.formatted(name, mesh.address(HOST)));
    return systemd.tenon(mesh.distribution(), "vm", "join", "--server", mesh.secureAddress(), "--token", token, "--workload", workload.toString(),
        "--directory", mesh.run(name).toString());
  }

  @Test
  void whoJoinsIsAServiceUntilItLeavesAndATokenThatIsUsedUpStartsNone() throws IOException {
    String token = token(1);
    String unit = "tenon-reviews-1.service";
    Command.Result joined = join("reviews-1", token);
    assertThat(joined.exit()).as(joined.out() + joined.err()).isZero();
    assertThat(joined.out()).contains("joined; " + unit + " runs, and starts with this machine");
    assertThat(systemd.calls()).containsExactly("daemon-reload", "enable --now " + unit);
    assertThat(Files.readString(systemd.unit(unit))).contains("run --profile sidecar", "Restart=always", "WantedBy=multi-user.target");
    mesh.until("the first request to be served", 20, () -> TestMesh.get(mesh.address(HOST), 9080, "/", Map.of()).status() == 200);
    // The file that it joined with is not needed any more.
    Files.delete(mesh.run().resolve("reviews-1.yaml"));
    Command.Result check = systemd.tenon(mesh.distribution(), "vm", "check", "--directory", mesh.run("reviews-1").toString());
    assertThat(check.exit()).as(check.out() + check.err()).isZero();

    Command.Result left = systemd.tenon(mesh.distribution(), "vm", "leave", "--directory", mesh.run("reviews-1").toString());
    assertThat(left.exit()).as(left.out() + left.err()).isZero();
    assertThat(systemd.calls()).containsExactly("disable --now " + unit, "daemon-reload");
    assertThat(systemd.unit(unit)).doesNotExist();
    assertThat(systemd.runs()).isFalse();
    assertThat(mesh.tenon("vm", "hosts").out()).containsPattern("reviews-1 .*left");

    Command.Result again = join("reviews-2", token);
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("the host did not join within 20 s; the service is stopped again").contains("is used up: it was good for 1 host");
    assertThat(systemd.calls()).containsExactly("daemon-reload", "enable --now tenon-reviews-2.service", "disable --now tenon-reviews-2.service");
    assertThat(systemd.runs()).isFalse();
  }

  @Test
  void aSystemdThatDoesNotAnswerIsSaid() throws IOException {
    systemd.broken(true);
    Command.Result refused = join("reviews-3", token(1));
    systemd.broken(false);
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("systemctl daemon-reload failed: Failed to connect to bus");
    assertThat(systemd.calls()).contains("daemon-reload");
  }
}
