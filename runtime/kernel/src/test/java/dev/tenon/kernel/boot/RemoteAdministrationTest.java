package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.kernel.trust.Signer;
import dev.tenon.wire.admin.v1.CreateTokenRequest;
import dev.tenon.wire.admin.v1.CreateTokenResponse;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ListTokensRequest;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc;
import dev.tenon.wire.admin.v1.RevokeTokenRequest;
import dev.tenon.wire.admin.v1.TokenAdminGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator may ask from afar. */
class RemoteAdministrationTest {
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // made before each test
  private Ground ground;

  @SuppressWarnings("NullAway.Init") // made before each test
  private Operator operator;

  @BeforeEach
  void prepare() throws Exception {
    ground = new Ground(folder);
    operator = new Operator(ground);
  }

  @AfterEach
  void close() {
    operator.close();
    ground.close();
  }

  private Path made(String file, String version, String tag) throws Exception {
    return ground.tagged("tag", version, tag).write(folder.resolve(file));
  }

  @Test
  void fromAfarOnlyTlsATokenAndASignedJarLetAnythingIn() throws Exception {
    Signer author = Signer.of("Author");
    Path certificate = folder.resolve("server.pem");
    Path trusted = Files.createDirectories(folder.resolve("trusted"));
    author.certificate(trusted.resolve("author.pem"));
    int port = startRemote(certificate, "kernel.trust.mode=off", "kernel.trust.certificates=[" + trusted + "]");
    CreateTokenResponse master = token("operator");
    CreateTokenResponse viewer = token("viewer");
    assertThat(Files.readString(ground.run.resolve("kept/tokens"))).doesNotContain(master.getToken().substring(15));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ground.run.resolve("kept/tokens")))).isEqualTo("rw-------");

    assertCode(Status.Code.UNAUTHENTICATED, operator.remote(port, certificate, "tenon_00000000_" + "0".repeat(64)));
    assertCode(Status.Code.UNAUTHENTICATED, operator.remote(port, certificate, ""));
    assertThat(modules(operator.remote(port, certificate, viewer.getToken())).list(ListModulesRequest.getDefaultInstance()).getPid()).isPositive();
    Path unsigned = made("tag.jar", "1.0.0", "unsigned");
    assertThatThrownBy(() -> Operator.send(operator.remote(port, certificate, viewer.getToken()), unsigned, "tag.jar", false)).hasMessageContaining("PERMISSION_DENIED");
    assertThatThrownBy(() -> Operator.send(operator.remote(port, certificate, master.getToken()), unsigned, "tag.jar", false))
        .hasMessageContainingAll("FAILED_PRECONDITION", "is not signed");
    assertThat(Operator.send(operator.remote(port, certificate, master.getToken()), author.sign(made("tag.jar", "1.0.0", "signed")), "tag.jar", false).getText()).contains("is active");
    assertThat(ground.kernel().journal().events()).anySatisfy(each -> assertThat(each.detail()).contains("install by token " + master.getInfo().getId()));
    assertThatThrownBy(() -> TokenAdminGrpc.newBlockingStub(operator.remote(port, certificate, master.getToken())).list(ListTokensRequest.getDefaultInstance()))
        .as("tokens are made here alone").hasMessageContaining("UNIMPLEMENTED");

    TokenAdminGrpc.newBlockingStub(operator.local()).revoke(RevokeTokenRequest.newBuilder().setId(viewer.getInfo().getId()).build());
    assertCode(Status.Code.UNAUTHENTICATED, operator.remote(port, certificate, viewer.getToken()));
    Path stranger = Signer.server("localhost").certificate(folder.resolve("stranger.pem"));
    assertCode(Status.Code.UNAVAILABLE, operator.remote(port, stranger, master.getToken()));
  }

  @Test
  void whoComesWithBadTokensAgainAndAgainWaitsAndNobodyElse() throws Exception {
    Path certificate = folder.resolve("server.pem");
    int port = startRemote(certificate);
    CreateTokenResponse master = token("operator");
    List<String> audit = new CopyOnWriteArrayList<>();
    Handler lines = new Handler() {
      @Override
      public void publish(LogRecord line) {
        audit.add(new SimpleFormatter().formatMessage(line));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
    Logger logger = Logger.getLogger("dev.tenon.audit.callers");
    logger.addHandler(lines);
    try {
      Channel guesses = operator.remote(port, certificate, "tenon_00000000_" + "0".repeat(64));
      for (int i = 0; i < 10; i++) {
        assertCode(Status.Code.UNAUTHENTICATED, guesses);
      }
      assertThatThrownBy(() -> modules(guesses).list(ListModulesRequest.getDefaultInstance()))
          .hasMessageContainingAll("RESOURCE_EXHAUSTED", "too many failed attempts from 127.0.0.1", "try again in");
      assertCode(Status.Code.RESOURCE_EXHAUSTED, operator.remote(port, certificate, master.getToken()));
      assertThat(audit).containsExactly("waits address=\"127.0.0.1\" failures=10");
      assertThat(modules(operator.remote("127.0.0.2", port, certificate, master.getToken())).list(ListModulesRequest.getDefaultInstance()).getPid()).isPositive();
    } finally {
      logger.removeHandler(lines);
    }
  }

  /** Starts a process that is administered from afar; returns the port. */
  private int startRemote(Path certificate, String... sets) throws Exception {
    Signer server = Signer.server("localhost");
    int port = freePort();
    ground.start(Stream.concat(Stream.of("kernel.admin.remote.address=127.0.0.1:" + port, "kernel.admin.remote.certificate="
        + server.certificate(certificate), "kernel.admin.remote.key=" + server.key(folder.resolve("server.key"))), Stream.of(sets)).toArray(String[]::new));
    return port;
  }

  private CreateTokenResponse token(String role) {
    return TokenAdminGrpc.newBlockingStub(operator.local()).create(CreateTokenRequest.newBuilder().setRole(role).setLabel("test").setLifetimeSeconds(3600).build());
  }

  private static ModuleAdminGrpc.ModuleAdminBlockingStub modules(Channel channel) {
    return ModuleAdminGrpc.newBlockingStub(channel);
  }

  private static void assertCode(Status.Code code, Channel channel) {
    assertThatThrownBy(() -> modules(channel).list(ListModulesRequest.getDefaultInstance())).hasMessageContaining(code.name());
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
