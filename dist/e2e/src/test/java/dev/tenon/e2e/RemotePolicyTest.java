package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.Command.Result;
import dev.tenon.e2e.mesh.Counting;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.RedisPeer;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Policy services by themselves count for sidecars, and tell operators far away what was counted, by TLS and a token. */
@Tag("system")
class RemotePolicyTest {
  private static final Member ONE = new Member("ratings", "v1", 21);
  private static final Member OTHER = new Member("ratings", "v2", 22);
  private static final int HOST = 2;
  private static final int SECOND_HOST = 3;
  private static final String PASSWORD = "not-a-secret";

  private static String limit(RedisPeer redis) {
    return """
    apiVersion: policy.tenon.dev/v1alpha1
    kind: RateLimit
    metadata: {name: ratings, namespace: default}
    spec:
      services: [ratings]
      per: {user: 'request.headers["x-user"]'}
      match: (request.headers["x-user"] | "") != ""
      limit: 5
      window: 1h
      algorithm: FIXED_WINDOW
      redis: "%s"
    """
        .formatted(redis.authority());
  }

  private static int call(TestMesh mesh, Member member, String user) {
    return TestMesh.get(mesh.address(member), Member.SERVICE_PORT, "/ratings/0", Map.of("x-user", user)).status();
  }

  /** Where the service is administered from. */
  private record Far(TestMesh mesh, Path certificate) {
    static Far start(TestMesh mesh) throws Exception {
      Path certificate = certify(mesh);
      Path config =
          mesh.written(
              "policy.yaml",
              """
              kernel:
                grpc: {address: "%1$s:15011"}
                admin: {remote: {address: "%1$s:15443", certificate: %2$s, key: %3$s}}
              galley: {directory: %4$s}
              """
                  .formatted(mesh.address(HOST), certificate, certificate.resolveSibling("server.key"), mesh.run("control-plane").resolve("config")));
      mesh.processes()
          .start(
              "policy",
              List.of(
                  mesh.distribution().tenon().toString(), "run", "--profile", "policy", "--config", config.toString(),
                  "--set", "run.directory=" + mesh.run("policy")),
              Map.of("TENON_SKIP_BUILD", "1"));
      Far far = new Far(mesh, certificate);
      mesh.until("the policy service to answer", 30, () -> far.here("token", "list").exit() == 0);
      return far;
    }

    private static Path certify(TestMesh mesh) throws Exception {
      Path store = mesh.run("server.p12");
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "server", "-keyalg", "EC",
                  "-dname", "CN=policy", "-ext", "SAN=ip:" + mesh.address(HOST), "-storetype", "PKCS12", "-storepass", PASSWORD,
                  "-keystore", store.toString())
              .inheritIO()
              .start();
      assertThat(keytool.waitFor()).isZero();
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      pem(mesh, "server.key", "PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
      return pem(mesh, "server.pem", "CERTIFICATE", keys.getCertificate("server").getEncoded());
    }

    private static Path pem(TestMesh mesh, String file, String what, byte[] bytes) {
      String text = Base64.getMimeEncoder(64, "\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).encodeToString(bytes);
      return mesh.written(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    /** On the machine of the process. */
    Result here(String... words) {
      return run(List.of("--target", mesh.run("policy").toString()), words);
    }

    /** From elsewhere. */
    Result as(Path token, String... words) {
      return run(
          List.of("--target", mesh.address(HOST) + ":15443", "--ca", certificate.toString(), "--token-file", token.toString()), words);
    }

    private Result run(List<String> more, String... words) {
      List<String> all = new ArrayList<>(List.of(words));
      all.addAll(more);
      return Command.run(mesh.distribution(), mesh.run(), all.toArray(String[]::new));
    }

    Path token(String role) {
      Result made = here("token", "create", "--role", role);
      assertThat(made.exit()).as(made.err()).isZero();
      return mesh.written(role + ".token", made.out());
    }
  }

  @Test
  void replicasHaveOneCountThatIsShownAndForgottenFromAfarByWhoMay() throws Exception {
    try (RedisPeer redis = RedisPeer.started(); TestMesh mesh = TestMesh.start("remote-policy"); Counting applications = new Counting("x-user")) {
      Far far = Far.start(mesh);
      String second = mesh.policyService("second", SECOND_HOST, "");
      for (Member each : List.of(ONE, OTHER)) {
        applications.at(mesh.address(each), Member.APPLICATION_PORT);
        String service = each.equals(ONE) ? mesh.address(HOST) + ":15011" : second;
        mesh.sidecar(each, "mixer: {shared: {prefetch: false, addresses: [\"" + service + "\"]}}\n");
      }
      mesh.converged(2);
      mesh.apply(limit(redis));
      for (Member each : List.of(ONE, OTHER)) {
        mesh.until("the limit to hold at " + each.name(), 20, () -> TestMesh.get(
            mesh.address(each), Member.SERVICE_PORT, "/ratings/0", Map.of("x-user", each.name())).header("x-ratelimit-limit").equals("5"));
      }
      for (int i = 0; i < 5; i++) {
        assertThat(call(mesh, i % 2 == 0 ? ONE : OTHER, "ann")).isEqualTo(200);
      }
      assertThat(call(mesh, ONE, "ann")).isEqualTo(429);
      assertThat(call(mesh, OTHER, "ann")).isEqualTo(429);

      Path viewer = far.token("viewer");
      Result top = far.as(viewer, "policy", "top");
      assertThat(top.exit()).as(top.err()).isZero();
      assertThat(top.out()).containsPattern("RateLimit/ratings\\.default +ratings\\.RateLimit\\.default +user=ann +5 +5 +0 ");
      assertThat(far.as(viewer, "policy", "list").out()).containsPattern("ratings\\.RateLimit\\.default +redisquota +ready");
      Result refused = far.as(viewer, "policy", "reset", "RateLimit/ratings.default");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("operator");
      assertThat(call(mesh, ONE, "ann")).as("nothing was forgotten").isEqualTo(429);

      Result reset = far.as(far.token("operator"), "policy", "reset", "RateLimit/ratings.default");
      assertThat(reset.exit()).as(reset.err()).isZero();
      assertThat(reset.out()).contains("3 counters forgotten");
      assertThat(far.as(viewer, "policy", "top").out()).doesNotContain("user=ann");
      for (Member each : List.of(ONE, OTHER)) {
        mesh.until(each.name() + " to see that it was forgotten", 10, () -> call(mesh, each, "ann") == 200);
      }

      mesh.processes().kill("policy");
      assertThat(call(mesh, OTHER, "bob")).as("the other replica counts on").isEqualTo(200);
    }
  }
}
