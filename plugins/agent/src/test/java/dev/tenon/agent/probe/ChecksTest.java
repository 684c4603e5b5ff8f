package dev.tenon.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.spi.workload.ReadinessProbe.Exec;
import dev.tenon.spi.workload.ReadinessProbe.Grpc;
import dev.tenon.spi.workload.ReadinessProbe.Header;
import dev.tenon.spi.workload.ReadinessProbe.HttpGet;
import dev.tenon.wire.health.v1.HealthCheckRequest;
import dev.tenon.wire.health.v1.HealthCheckResponse.ServingStatus;
import dev.tenon.wire.health.v1.HealthCheckResponse;
import dev.tenon.wire.health.v1.HealthGrpc.HealthImplBase;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of check against real sockets and commands. */
class ChecksTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ArrayDeque<AutoCloseable> opened = new ArrayDeque<>();
  private volatile String asked = "";

  @AfterEach
  void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static Verdict verdict(Checker checker) {
    CompletableFuture<Verdict> answer = new CompletableFuture<>();
    checker.check(answer::complete);
    return answer.orTimeout(40, TimeUnit.SECONDS).join();
  }

  /** A server that answers each connection's first bytes with the same text, or never. */
  private int server(String answer) throws IOException {
    return server(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), answer);
  }

  private int server(ServerSocket server, String answer) {
    opened.push(server);
    Thread.ofVirtual().start(() -> {
      while (!server.isClosed()) {
        try (Socket socket = server.accept()) {
          asked = new String(socket.getInputStream().readNBytes(1), StandardCharsets.US_ASCII)
              + new String(socket.getInputStream().readNBytes(socket.getInputStream().available()), StandardCharsets.US_ASCII);
          if (answer.isEmpty()) {
            socket.getInputStream().readAllBytes();
          }
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException closed) {
          // The next one.
        }
      }
    });
    return server.getLocalPort();
  }

  private Verdict http(int port) {
    HttpGet get = new HttpGet("127.0.0.1", port, "/health?deep", false, List.of(new Header("Host", "reviews.shop")));
    return verdict(new SocketCheck(loops, NioSocketChannel.class, "127.0.0.1", port, SECOND, answer -> new HttpConversation(get, null, answer)));
  }

  private Verdict tcp(int port) {
    return verdict(new SocketCheck(loops, NioSocketChannel.class, "127.0.0.1", port, SECOND, SocketCheck::content));
  }

  @ParameterizedTest
  @CsvSource({"200 OK, true", "302 Found, true", "404 Not Found, false", "503 Service Unavailable, false"})
  void anHttpAnswerIsJudgedByItsStatus(String status, boolean good) throws IOException {
    int port = server("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
    Verdict verdict = http(port);
    assertThat(verdict.good()).isEqualTo(good);
    assertThat(verdict.reason()).isEqualTo(good ? "" : "GET http://127.0.0.1:" + port + "/health?deep answered " + status.substring(0, 3));
    assertThat(asked).startsWith("GET /health?deep HTTP/1.1\r\n").containsIgnoringCase("host: reviews.shop").doesNotContain("127.0.0.1");
  }

  @Test
  void whatIsNoHttpIsNotReady() throws IOException {
    assertThat(http(server("SSH-2.0-OpenSSH\r\n")).reason()).contains("was answered with no HTTP");
  }

  @Test
  void whoeverDoesNotAnswerInTimeIsNotReady() throws IOException {
    int port = server("");
    assertThat(http(port).reason()).isEqualTo("127.0.0.1:" + port + " does not answer within 1 s");
  }

  @Test
  void aConnectionIsEnoughForTcpAndARefusedOneIsNot() throws Exception {
    int port = server("");
    assertThat(tcp(port)).isEqualTo(Verdict.GOOD);
    opened.pop().close();
    assertThat(tcp(port).reason()).startsWith("cannot connect to 127.0.0.1:" + port).contains("refused");
  }

  @Test
  void httpsIsAskedWhoeverSignedItsCertificate(@TempDir Path directory) throws Exception {
    int port = server(tls(directory).createServerSocket(0, 5, InetAddress.getLoopbackAddress()), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    HttpGet get = new HttpGet("127.0.0.1", port, "/", true, List.of());
    Checker checker =
        new SocketCheck(loops, NioSocketChannel.class, "127.0.0.1", port, Duration.ofSeconds(5), answer -> new HttpConversation(get, HttpConversation.tls(get), answer));
    assertThat(verdict(checker)).isEqualTo(Verdict.GOOD);
    HttpGet plain = new HttpGet("127.0.0.1", server("HTTP/1.1 200 OK\r\n\r\n"), "/", true, List.of());
    Checker refused =
        new SocketCheck(loops, NioSocketChannel.class, "127.0.0.1", plain.port(), SECOND, answer -> new HttpConversation(plain, HttpConversation.tls(plain), answer));
    assertThat(verdict(refused).good()).isFalse();
  }

  /** A server's TLS with a certificate that nobody knows. */
  private static ServerSocketFactory tls(Path directory) throws Exception {
    Path store = directory.resolve("store.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command =
        List.of(keytool, "-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=nobody", "-keystore", store.toString(), "-storepass", "changeit");
    assertThat(new ProcessBuilder(command).redirectErrorStream(true).start().waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
  }

  private int health(ServingStatus status) throws IOException {
    HealthImplBase service =
        new HealthImplBase() {
          @Override
          public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answers) {
            if (request.getService().equals("unknown")) {
              answers.onError(Status.NOT_FOUND.withDescription("no such service").asRuntimeException());
              return;
            }
            answers.onNext(HealthCheckResponse.newBuilder().setStatus(status).build());
            answers.onCompleted();
          }
        };
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).addService(service).build().start();
    opened.push(server::shutdownNow);
    return server.getPort();
  }

  private Verdict grpc(int port, String service) {
    return verdict(new GrpcCheck(loops, NioSocketChannel.class, new Grpc("127.0.0.1", port, service), SECOND));
  }

  @Test
  void aGrpcServerSaysItselfHowItIs() throws IOException {
    assertThat(grpc(health(ServingStatus.SERVING), "")).isEqualTo(Verdict.GOOD);
    int port = health(ServingStatus.NOT_SERVING);
    assertThat(grpc(port, "shop.v1.Reviews").reason())
        .isEqualTo("grpc.health.v1.Health/Check of shop.v1.Reviews at 127.0.0.1:" + port + " answered NOT_SERVING");
    assertThat(grpc(port, "unknown").reason()).endsWith("failed: NOT_FOUND: no such service");
    assertThat(grpc(server(""), "").reason()).contains("failed: DEADLINE_EXCEEDED");
  }

  @Test
  void aCommandIsJudgedByItsStatusAndGivesItsFirstLine(@TempDir Path directory) throws IOException {
    assertThat(verdict(exec("true"))).isEqualTo(Verdict.GOOD);
    assertThat(verdict(exec("echo 'no database' >&2; echo more; exit 3")).reason())
        .isEqualTo("the probe's command ended with status 3: no database");
    assertThat(verdict(new ExecCheck(new Exec(List.of("/no/such/program")), SECOND)).reason()).startsWith("the probe's command cannot be run");
    Path pid = directory.resolve("pid");
    assertThat(verdict(exec("sleep 60 & echo $! > " + pid + "; wait")).reason()).isEqualTo("the probe's command does not end within 1 s");
    long child = Long.parseLong(Files.readString(pid).strip());
    // Nobody may have reaped it yet; a dead process has no command.
    await("the command's child to be gone").until(() -> ProcessHandle.of(child).flatMap(each -> each.info().command()).isEmpty());
  }

  private static Checker exec(String script) {
    return new ExecCheck(new Exec(List.of("/bin/sh", "-c", script)), SECOND);
  }

  @Test
  void aReasonIsOneLineOfBoundedLength() {
    assertThat(Verdict.bad("a\nb\u0007" + "x".repeat(1_000)).reason()).startsWith("a b x").hasSize(256);
  }
}
