package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hosts stay members while control planes of one authority follow one another; of a control plane with another authority they say what it is. */
@Tag("system")
class VmAuthorityTest {
  private static final int HOST = 51;
  private static Path shared;
  private static TestMesh mesh;
  private static HttpServer application;

  @BeforeAll
  static void start() throws IOException {
    shared = Files.createTempDirectory(Path.of("/tmp"), "tenon-authority-");
    mesh = TestMesh.start("vm-authority", "citadel: {directory: \"" + shared.resolve("citadel") + "\"}\n");
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
    if (mesh != null) {
      mesh.close();
    }
  }

  private static void join(String process) {
    Command.Result made = mesh.tenon("vm", "token", "create", "--group", "reviews", "--uses", "1");
    assertThat(made.exit()).as(made.err()).isZero();
    Path workload = mesh.written("workload.yaml", """
        workload:
          name: reviews-1
          address: %1$s
          ports:
          - {service: reviews, port: 9080, application: "%1$s:8080"}
        proxy: {admin: {address: "%1$s:15000"}, outbound: %1$s}
        """.formatted(mesh.address(HOST)));
    mesh.processes().start(process, List.of(mesh.distribution().tenon().toString(), "vm", "join", "--foreground", "--server", mesh.secureAddress(),
        "--token", made.out().strip(), "--workload", workload.toString(), "--directory", mesh.run("host").toString()), Map.of("TENON_SKIP_BUILD", "1"));
    mesh.until("it to serve", 20, () -> served() == 200);
    untilRegistered();
  }

  private static int served() {
    return TestMesh.get(mesh.address(HOST), 9080, "/", Map.of()).status();
  }

  private static void untilRegistered() {
    mesh.until("the host to be registered", 20, () -> mesh.tenon("workload", "list").out().contains("reviews-1"));
  }

  private static Command.Result onHost(String... words) {
    return Command.run(mesh.distribution(), mesh.run(), words);
  }

  private static Command.Result check() {
    return onHost("vm", "check", "--directory", mesh.run("host").toString());
  }

  @Test
  void hostsFollowTheAuthorityAndNotTheMachine() throws IOException {
    join("host");

    // Another machine takes the control plane's place: nothing of the old one is left but the authority's directory.
    mesh.killControlPlane();
    Files.move(mesh.run("control-plane"), mesh.run("control-plane-that-burnt"));
    mesh.restartControlPlane();
    untilRegistered();
    assertThat(mesh.tenon("vm", "hosts").out()).containsPattern("reviews-1 +reviews +member");
    mesh.until("the check to find nothing wrong", 20, () -> check().exit() == 0);
    assertThat(served()).isEqualTo(200);

    // And one that made an authority of its own: nobody gives it anything, and it is said what to do.
    mesh.killControlPlane();
    Files.move(shared.resolve("citadel"), shared.resolve("lost"));
    mesh.restartControlPlane();
    Command.Result foreign = check();
    assertThat(foreign.exit()).isEqualTo(1);
    assertThat(foreign.out()).contains("does not prove that it is the one that was joined").contains("Was the control plane set up anew? Then leave with --force and join again");
    mesh.until("the lease that it held under the other authority to end", 30, () -> !mesh.tenon("workload", "list").out().contains("reviews-1"));
    assertThat(served()).as("what it knew goes on").isEqualTo(200);
    Command.Result left = onHost("vm", "leave", "--force", "--directory", mesh.run("host").toString());
    assertThat(left.exit()).as(left.err()).isZero();
    join("host-again");
    mesh.until("the check to find nothing wrong", 20, () -> check().exit() == 0);
  }
}
