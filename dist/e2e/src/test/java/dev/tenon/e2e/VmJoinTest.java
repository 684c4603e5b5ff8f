package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.e2e.mesh.TestMesh;
import dev.tenon.spi.trust.HostCredential;
import dev.tenon.wire.enrolment.v1.EnrolmentGrpc;
import dev.tenon.wire.enrolment.v1.HelloRequest;
import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Lease;
import dev.tenon.wire.registration.v1.Port;
import dev.tenon.wire.registration.v1.RegistrationGrpc;
import dev.tenon.wire.registration.v1.Workload;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A machine joins with one command, by TLS, and is nobody but itself from then on. */
@Tag("system")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VmJoinTest {
  private static final int HOST = 21;
  private static TestMesh mesh;
  private static HttpServer application;

  @BeforeAll
  static void start() throws IOException {
    mesh = TestMesh.start("vm-join");
    application = HttpServer.create(new InetSocketAddress(mesh.address(HOST), 8080), 0);
    application.createContext("/", exchange -> {
      byte[] body = "reviews".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
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

  private static String token() {
    Command.Result made = mesh.tenon("vm", "token", "create", "--group", "reviews", "--ttl", "1h", "--uses", "5");
    assertThat(made.exit()).as(made.err()).isZero();
    return made.out().strip();
  }

  private static Path workload(String file, String name, String service) {
    return mesh.written(file, """
        workload:
          name: %1$s
          namespace: default
          address: %2$s
          labels: {app: reviews, version: v1}
          ports:
          - {service: %3$s, port: 9080, listen: 9080, application: "%2$s:8080"}
        proxy:
          admin: {address: "%2$s:15000"}
          outbound: %2$s
          httpProxyPort: 15002
        """.formatted(name, mesh.address(HOST), service));
  }

  private static List<String> join(Path workload, String token, String directory) {
    return List.of(
        mesh.distribution().tenon().toString(), "vm", "join", "--foreground", "--server", mesh.secureAddress(),
        "--token", token, "--workload", workload.toString(), "--directory", mesh.run(directory).toString());
  }

  /** What a join says that does not succeed. */
  private static String refusal(Path workload, String token, String directory) {
    Command.Result result =
        Command.run(mesh.distribution(), mesh.run(), join(workload, token, directory).stream().skip(1).toArray(String[]::new));
    assertThat(result.exit()).as(result.out() + result.err()).isNotZero();
    return result.err();
  }

  private static Command.Result onHost(String... words) {
    return Command.run(mesh.distribution(), mesh.run(), words);
  }

  private static Command.Result check(String token, Path workload) {
    return onHost("vm", "check", "--server", mesh.secureAddress(), "--token", token, "--workload", workload.toString(), "--directory", mesh.run("nobody").toString());
  }

  @Test
  @Order(0)
  void aCheckBeforeTheJoinNamesWhatIsWrongAndUsesNothing() throws IOException {
    String token = token();
    Path workload = workload("workload.yaml", "reviews-1", "reviews");
    Command.Result good = check(token, workload);
    assertThat(good.exit()).as(good.out() + good.err()).isZero();
    assertThat(good.out()).contains("port 9080 is free").contains("is the one that made the token").contains("ms off").contains("good for 5 more of the group reviews");
    Command.Result another = check(token.substring(0, token.length() - 8) + "00000000", workload);
    assertThat(another.exit()).isEqualTo(1);
    assertThat(another.out()).contains("not the one that made the token");
    Command.Result wrong = check(token.replaceFirst("\\.[0-9a-f]{64}\\.", "." + "0".repeat(64) + "."), workload);
    assertThat(wrong.out()).contains("not one of this control plane's").contains("'tenon vm token create' there makes one");
    assertThat(check(token, workload("payments.yaml", "reviews-1", "payments")).out()).contains("not for default/payments");
    Path unknown = mesh.written("unknown.yaml", "workload:\n  name: reviews-3\n  address: 127.0.0.1\n  colour: red\n");
    assertThat(check(token, unknown).out()).contains("unknown.yaml:4:11: workload.colour: unknown field");
    try (ServerSocket taken = new ServerSocket(9080, 1, InetAddress.getByName(mesh.address(HOST)))) {
      assertThat(taken.isBound()).isTrue();
      Command.Result occupied = check(token, workload);
      assertThat(occupied.exit()).isEqualTo(1);
      assertThat(occupied.out()).contains("port 9080: Address already in use").contains("ss -ltnp");
    }
    Command.Result nowhere = onHost("vm", "check", "--server", mesh.address(HOST) + ":1", "--token", token, "--directory", mesh.run("nobody").toString());
    assertThat(nowhere.out()).contains("Connection refused").contains("has it kernel.grpc.secure there");
    assertThat(mesh.tenon("vm", "token", "list", "-o", "json").out()).contains("\"used\": 0").doesNotContain("\"used\": 1");
  }

  @Test
  @Order(1)
  void fromNothingToAServedRequest() throws Exception {
    Path workload = workload("workload.yaml", "reviews-1", "reviews");
    String token = token();
    // What a command takes that only asks, on this machine at this time.
    long asked = System.nanoTime();
    assertThat(mesh.tenon("vm", "hosts").exit()).isZero();
    Duration asking = Duration.ofNanos(System.nanoTime() - asked);
    long began = System.nanoTime();
    mesh.processes().start("host", join(workload, token, "host"), Map.of("TENON_SKIP_BUILD", "1"));
    mesh.until("the first request to be served", 20, () -> TestMesh.get(mesh.address(HOST), 9080, "/", Map.of()).status() == 200);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    System.out.println("from 'tenon vm join' to the first served request: " + took.toMillis() + " ms; a command takes " + asking.toMillis() + " ms");
    assertThat(took).isLessThan(Collections.max(List.of(Duration.ofSeconds(10), asking.multipliedBy(12))));
    assertThat(Files.exists(mesh.run("host").resolve("credential/token"))).as("the token is not kept").isFalse();
    assertThat(mesh.tenon("vm", "hosts").out()).contains("reviews-1").contains("member");
    mesh.until("the control plane to know it", 10, () -> mesh.tenon("services").out().contains("reviews"));
  }

  @Test
  @Order(2)
  void theLeaseIsAWorkloadEntryWithAllThatItsGroupSays() {
    Path group = mesh.written("group.yaml", """
        apiVersion: networking.istio.io/v1
        kind: WorkloadGroup
        metadata: {name: reviews}
        spec:
          metadata:
            labels: {tier: back, version: v0}
            annotations: {example.org/team: books}
          template:
            serviceAccount: bookinfo-reviews
            locality: eu/eu-1
            weight: 7
            ports: {http: 9080}
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: outside}
        spec:
          hosts: [reviews.example.org]
          location: MESH_INTERNAL
          resolution: STATIC
          ports: [{number: 80, name: http, protocol: HTTP}]
          workloadSelector: {labels: {tier: back}}
        """);
    assertThat(mesh.tenon("apply", "-f", group.toString()).exit()).isZero();
    mesh.until("the template to be laid under the lease", 10, () -> mesh.tenon("get", "workloadentry", "-o", "yaml").out().contains("tier: back"));
    String entry = mesh.tenon("get", "workloadentry", "reviews-1", "-o", "yaml").out();
    assertThat(entry).contains("istio.io/autoRegistrationGroup: reviews").contains("example.org/team: books").contains("serviceAccount: bookinfo-reviews")
        .contains("locality: eu/eu-1").contains("weight: 7").contains("type: Healthy").contains("version: v1").doesNotContain("v0");
    assertThat(mesh.tenon("workload", "list").out()).contains("reviews-1").contains("agent").contains("healthy");
    assertThat(mesh.tenon("workload", "describe", "reviews-1", "-o", "json").out()).contains("\"group\": \"reviews\"").contains("\"weight\": 7");
    mesh.until("a ServiceEntry to select it", 10, () -> mesh.tenon("services", "-o", "json").out().contains("reviews.example.org"));
    Command.Result deleted = mesh.tenon("delete", "workloadentry", "reviews-1");
    assertThat(deleted.exit()).isEqualTo(1);
    assertThat(deleted.err()).contains("it lives with the lease of its agent");
  }

  @Test
  @Order(2)
  void checkFindsNothingWrong() {
    mesh.until("the sidecar to be ready", 10, () -> onHost("vm", "check", "--directory", mesh.run("host").toString()).exit() == 0);
    assertThat(onHost("vm", "check", "--directory", mesh.run("host").toString()).out()).contains("ms off").contains("valid until").contains("ready");
  }

  @Test
  @Order(3)
  void nobodyGetsInWithoutACredentialOrWithoutTls() throws Exception {
    HostCredential credential = new HostCredential(mesh.run("host").resolve("credential"));
    assertThat(held(credential, false, "reviews-1", "reviews").getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    String[] where = mesh.secureAddress().split(":");
    ManagedChannel plain = NettyChannelBuilder.forAddress(where[0], Integer.parseInt(where[1])).usePlaintext().build();
    try {
      assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> {
        var _ = EnrolmentGrpc.newBlockingStub(plain).withDeadlineAfter(5, TimeUnit.SECONDS).hello(HelloRequest.getDefaultInstance());
      });
    } finally {
      plain.shutdownNow();
    }
  }

  @Test
  @Order(4)
  void aHostIsNobodyButItself() throws Exception {
    HostCredential credential = new HostCredential(mesh.run("host").resolve("credential"));
    assertThat(held(credential, true, "reviews-2", "reviews").getDescription()).contains("its credential is that of default/reviews-1");
    assertThat(held(credential, true, "reviews-1", "payments").getDescription()).contains("not for default/payments");
  }

  /** How a registration ends that should not be granted. */
  private static Status held(HostCredential credential, boolean proven, String name, String service) throws Exception {
    SslContextBuilder tls =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK).trustManager(credential.authority().toFile());
    if (proven) {
      tls.keyManager(credential.certificate().toFile(), credential.key().toFile());
    }
    String[] where = mesh.secureAddress().split(":");
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(where[0], Integer.parseInt(where[1]))
            .sslContext(tls.build()).overrideAuthority(HostCredential.SERVER_NAME).build();
    CompletableFuture<Status> ended = new CompletableFuture<>();
    try {
      RegistrationGrpc.newStub(channel).hold(new StreamObserver<>() {
        @Override
        public void onNext(Lease lease) {
          ended.complete(Status.OK);
        }

        @Override
        public void onError(Throwable cause) {
          ended.complete(Status.fromThrowable(cause));
        }

        @Override
        public void onCompleted() {
          ended.complete(Status.OK);
        }
      }).onNext(Beat.newBuilder()
          .setWorkload(Workload.newBuilder().setName(name).setNamespace("default").setAddress(mesh.address(99))
              .addPorts(Port.newBuilder().setService(service).setServicePort(9080).setProtocol("HTTP").setListenPort(9080)))
          .build());
      return ended.get(60, TimeUnit.SECONDS);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  @Order(5)
  void whatIsWrongIsSaidAndCostsNoUse() {
    String token = token();
    Path other = workload("other.yaml", "reviews-2", "payments");
    String wrongAuthority = token.substring(0, token.length() - 8) + "00000000";
    assertThat(refusal(other, wrongAuthority, "h2")).contains("not the one that made the token");
    assertThat(refusal(other, token, "h3")).contains("the token lets hosts answer for default/reviews, not for default/payments");
    assertThat(refusal(workload("workload.yaml", "reviews-1", "reviews"), token, "h4")).contains("is a member still").contains("tenon vm evict");
    Path unknown = mesh.written("unknown.yaml", "workload:\n  name: reviews-3\n  address: 127.0.0.1\n  colour: red\n");
    assertThat(refusal(unknown, token, "h5")).contains("unknown.yaml:4:").contains("colour");
    assertThat(mesh.tenon("vm", "token", "list", "-o", "json").out()).contains("\"used\": 0");
  }

  @Test
  @Order(8)
  void aHostThatIsTurnedOutIsOutAtOnce() {
    Path workload = workload("evicted.yaml", "reviews-8", "reviews");
    mesh.processes().start("evicted", join(workload, token(), "evicted"), Map.of("TENON_SKIP_BUILD", "1"));
    mesh.until("the host to serve", 20, () -> mesh.tenon("get", "we", "reviews-8", "-o", "yaml").out().contains("\"True\""));
    assertThat(mesh.tenon("vm", "evict", "reviews-8").exit()).isZero();
    long began = System.nanoTime();
    mesh.until("its lease to end", 5, () -> mesh.tenon("get", "we", "reviews-8").exit() != 0);
    System.out.println("from 'tenon vm evict' to the endpoint's end: at most " + (System.nanoTime() - began) / 1_000_000 + " ms");
    mesh.processes().stop("evicted");
  }

  @Test
  @Order(9)
  void aRealEnvoyServesAWorkloadThatAnOperatorRegisteredOverARestartOfTheControlPlane() throws Exception {
    Path envoy = Outside.envoy();
    Path workload = workload("fixed.yaml", "reviews-7", "reviews");
    Command.Result registered = mesh.tenon("workload", "register", "-f", workload.toString());
    assertThat(registered.exit()).as(registered.err()).isZero();
    Command.Result bootstrap = onHost("vm", "bootstrap", "envoy", "--workload", workload.toString(), "--server", mesh.controlPlaneAddress());
    assertThat(bootstrap.exit()).as(bootstrap.err()).isZero();
    mesh.processes().start(
        "fixed-envoy",
        List.of(envoy.toString(), "-c", mesh.written("fixed-envoy.yaml", bootstrap.out()).toString(), "--concurrency", "1", "--disable-hot-restart",
            "--log-level", "warning"),
        Map.of());
    mesh.until("a request through Envoy", 20, () -> TestMesh.get(mesh.address(HOST), 9080, "/", Map.of()).header("server").equals("envoy"));
    mesh.killControlPlane();
    mesh.restartControlPlane();
    assertThat(mesh.tenon("workload", "list").out()).contains("reviews-7").contains("operator");
    assertThat(TestMesh.get(mesh.address(HOST), 9080, "/", Map.of()).status()).isEqualTo(200);
    assertThat(mesh.tenon("workload", "deregister", "reviews-7").exit()).isZero();
    // Asked without a command: its Envoy keeps its listeners for ten seconds, and a command takes some of them.
    mesh.until("nobody to be sent there", 10, () -> !String.valueOf(mesh.control().service("reviews")).contains(mesh.address(HOST)));
    assertThat(TestMesh.get(mesh.address(HOST), 9080, "/", Map.of()).status()).as("whoever has not heard of it yet is answered").isEqualTo(200);
    assertThat(mesh.tenon("workload", "list").out()).doesNotContain("reviews-7");
    mesh.until("nobody to be let in by its Envoy any more", 20, () -> TestMesh.get(mesh.address(HOST), 9080, "/", Map.of()).status() == 0);
  }

  @Test
  @Order(6)
  void aHostLeavesWithNothingLeftBehind() {
    Command.Result left = onHost("vm", "leave", "--directory", mesh.run("host").toString());
    assertThat(left.exit()).as(left.err()).isZero();
    assertThat(Files.exists(mesh.run("host").resolve("credential"))).isFalse();
    assertThat(mesh.tenon("vm", "hosts").out()).contains("left");
    mesh.processes().stop("host");
  }

  @Test
  @Order(7)
  void aRealEnvoyServesAHostWithTheBootstrapThatIsPrintedForIt() throws Exception {
    Path envoy = Outside.envoy();
    Path workload = workload("envoy-workload.yaml", "reviews-9", "reviews");
    List<String> join = new ArrayList<>(join(workload, token(), "envoy-host"));
    join.addAll(List.of("--profile", "workload"));
    mesh.processes().start("envoy-host", join, Map.of("TENON_SKIP_BUILD", "1"));
    mesh.until("the host to join", 20, () -> mesh.tenon("vm", "hosts").out().contains("reviews-9"));
    String directory = mesh.run("envoy-host").toString();
    mesh.until("the credential to be there", 10, () -> Files.exists(Path.of(directory, "credential/certificate.pem")));
    Command.Result bootstrap = onHost("vm", "bootstrap", "envoy", "--workload", workload.toString(), "--directory", directory);
    assertThat(bootstrap.exit()).as(bootstrap.err()).isZero();
    mesh.processes().start(
        "envoy",
        List.of(envoy.toString(), "-c", mesh.written("envoy.yaml", bootstrap.out()).toString(), "--concurrency", "1", "--disable-hot-restart",
            "--log-level", "warning"),
        Map.of());
    mesh.until("a request through Envoy", 20, () -> TestMesh.get(mesh.address(HOST), 9080, "/", Map.of()).header("server").equals("envoy"));
    assertThat(TestMesh.get(mesh.address(HOST), 9080, "/", Map.of()).status()).isEqualTo(200);
    mesh.processes().stop("envoy");
    mesh.processes().stop("envoy-host");
  }
}
