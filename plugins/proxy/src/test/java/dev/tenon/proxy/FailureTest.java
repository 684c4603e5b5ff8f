package dev.tenon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.proxy.compile.ClusterSpec;
import dev.tenon.proxy.compile.RetrySpec;
import dev.tenon.proxy.compile.RetrySpec.On;
import dev.tenon.proxy.compile.Rewrite;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteMatch;
import dev.tenon.proxy.compile.WeightedCluster;
import dev.tenon.spi.guard.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the caller is told, and what the log says, when an upstream does not do its part. */
@SuppressWarnings("StringConcatToTextBlock") // bytes are shown as they are
class FailureTest {
  @TempDir Path folder;
  private Path log;
  private RunningProxy proxy;
  private final List<RawServer> servers = new ArrayList<>();

  @BeforeEach
  void start() {
    log = folder.resolve("access.log");
    proxy = new RunningProxy(log);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    for (RawServer server : servers) {
      server.close();
    }
  }

  private RawServer server(RawServer.Answer answer) throws IOException {
    RawServer server = new RawServer(answer);
    servers.add(server);
    return server;
  }

  private RawServer gone() throws IOException {
    RawServer server = RawServer.saying("");
    server.close();
    return server;
  }

  private static Route route(Duration timeout, Optional<RetrySpec> retry) {
    return Route.of(
        RouteMatch.ALL,
        new RouteAction.Forward(List.of(WeightedCluster.only("c")), timeout, retry, Rewrite.NONE));
  }

  private static Optional<RetrySpec> retries(int count, On... on) {
    return Optional.of(new RetrySpec(Set.of(on), Set.of(), count, Optional.empty(), true, 5));
  }

  private RawMessage get() throws IOException {
    try (RawClient client = proxy.client()) {
      return client.get("/");
    }
  }

  private void logged(String part) {
    await().atMost(40, TimeUnit.SECONDS).untilAsserted(() -> assertThat(log).content().contains(part));
  }

  @Test
  void noRoute() throws IOException {
    proxy.start();
    assertThat(get().status()).isEqualTo(404);
    logged("\"GET / HTTP/1.1\" 404 NR 0 0 ");
  }

  @Test
  void noCluster() throws IOException {
    proxy.route(route(Duration.ZERO, Optional.empty())).start();
    assertThat(get().status()).isEqualTo(503);
    logged(" 503 NC ");
  }

  @Test
  void noEndpoint() throws IOException {
    proxy.cluster("c").route(route(Duration.ZERO, Optional.empty())).start();
    RawMessage answer = get();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("no healthy upstream");
    logged(" 503 UH ");
  }

  @Test
  void nobodyListens() throws IOException {
    proxy.cluster("c", gone()).route(route(Duration.ZERO, Optional.empty())).start();
    RawMessage answer = get();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body())
        .startsWith("upstream connect error or disconnect/reset before headers. reset reason: remote connection failure");
    logged(" 503 UF ");
  }

  @Test
  void theUpstreamLeavesBeforeItsAnswer() throws IOException {
    proxy.cluster("c", server((request, number) -> RawServer.CLOSE)).route(route(Duration.ZERO, Optional.empty())).start();
    RawMessage answer = get();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).endsWith("reset reason: connection termination");
    logged(" 503 UC ");
  }

  @Test
  void aConnectionThatWentStaleIsNotTheCallersTrouble() throws IOException {
    RawServer server = server((request, number) -> number == 2 ? RawServer.CLOSE : RawServer.ok("ok"));
    proxy.cluster("c", server).route(route(Duration.ZERO, Optional.empty())).start();
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/").status()).isEqualTo(200);
      assertThat(client.get("/").as200()).isEqualTo("ok");
    }
    assertThat(server.connections).hasValue(2);
  }

  @Test
  void aRequestThatMayHaveDoneSomethingIsNotSentTwice() throws IOException {
    RawServer server = server((request, number) -> number == 2 ? RawServer.CLOSE : RawServer.ok("ok"));
    proxy.cluster("c", server).route(route(Duration.ZERO, Optional.empty())).start();
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/").status()).isEqualTo(200);
      client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\n\r\nx");
      assertThat(client.read().status()).isEqualTo(503);
    }
  }

  @Test
  void tooLate() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    RawServer server = server((request, number) -> { never.await(); return ""; });
    proxy.cluster("c", server).route(route(Duration.ofMillis(200), Optional.empty())).start();
    RawMessage answer = get();
    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.body()).isEqualTo("upstream request timeout");
    logged(" 504 UT ");
    never.countDown();
  }

  @Test
  void theCallerLeaves() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    RawServer server = server((request, number) -> { never.await(); return ""; });
    proxy.cluster("c", server).route(route(Duration.ZERO, Optional.empty())).start();
    try (RawClient client = proxy.client()) {
      client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
      server.request();
    }
    logged(" 0 DC ");
    never.countDown();
  }

  @Test
  void tooManyAtOnce() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    RawServer server = server((request, number) -> { go.await(); return RawServer.ok("x"); });
    proxy
        .cluster("c", spec -> new ClusterSpec(spec.name(), spec.balancing(), spec.plug(), spec.connectTimeout(),
            new ClusterSpec.Limits(1, 1, 1024, 3), spec.source(), 50, spec.endpoints()), server)
        .route(route(Duration.ZERO, Optional.empty()))
        .start();
    try (RawClient running = proxy.client(); RawClient waiting = proxy.client()) {
      running.send("GET /1 HTTP/1.1\r\nHost: test\r\n\r\n");
      server.request();
      waiting.send("GET /2 HTTP/1.1\r\nHost: test\r\n\r\n");
      await().atMost(40, TimeUnit.SECONDS).untilAsserted(() -> {
        RawMessage third = get();
        assertThat(third.status()).isEqualTo(503);
        assertThat(third.body()).endsWith("reset reason: overflow");
        assertThat(third.header("x-envoy-overloaded")).isEqualTo("true");
      });
      go.countDown();
      assertThat(running.read().status()).isEqualTo(200);
      assertThat(waiting.read().status()).isEqualTo(200);
    }
    assertThat(server.connections).hasValue(1);
    logged(" 503 UO ");
  }

  @Test
  void retryGoesToAnotherEndpoint() throws IOException {
    RawServer well = server((request, number) -> RawServer.ok(request.body()));
    proxy.cluster("c", gone(), well, gone()).route(route(Duration.ofSeconds(15), retries(2, On.CONNECT_FAILURE))).start();
    for (int i = 0; i < 6; i++) {
      try (RawClient client = proxy.client()) {
        client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody");
        assertThat(client.read().as200()).isEqualTo("body");
      }
    }
  }

  @Test
  void retryOnStatusUntilTheLimit() throws IOException {
    RawServer server =
        server((request, number) -> number % 3 == 0 ? RawServer.ok("third") : "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
    proxy.cluster("c", server).route(route(Duration.ofSeconds(15), retries(2, On.FIVE_XX))).start();
    assertThat(get().as200()).isEqualTo("third");
    assertThat(server.requests).hasSize(3);
    logged(" 200 - ");
  }

  @Test
  void retriesEndAndTheLastAnswerIsTheCallers() throws IOException {
    RawServer server = server((request, number) -> "HTTP/1.1 500 Broken\r\nContent-Length: 1\r\n\r\nx");
    proxy.cluster("c", server).route(route(Duration.ofSeconds(15), retries(2, On.FIVE_XX))).start();
    assertThat(get().status()).isEqualTo(500);
    assertThat(server.requests).hasSize(3);
    logged(" 500 URX ");
  }

  @Test
  void anAttemptThatTakesTooLongIsTriedElsewhere() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    RawServer slow = server((request, number) -> { never.await(); return ""; });
    RawServer quick = server((request, number) -> RawServer.ok("quick"));
    RetrySpec spec = new RetrySpec(Set.of(On.FIVE_XX), Set.of(), 1, Optional.of(Duration.ofMillis(700)), true, 5);
    proxy.cluster("c", slow, quick).route(route(Duration.ofSeconds(15), Optional.of(spec))).start();
    for (int i = 0; i < 4; i++) {
      assertThat(get().as200()).isEqualTo("quick");
    }
    never.countDown();
  }

  @Test
  void aLineOfTheAccessLogIsEnvoys() throws IOException {
    proxy.cluster("c", server((request, number) -> RawServer.ok("12345"))).route(route(Duration.ZERO, Optional.empty())).start();
    try (RawClient client = proxy.client()) {
      client.send(
          "POST /a/../b?c HTTP/1.1\r\nHost: Test:80\r\nUser-Agent: a\"b\r\nX-Request-Id: id\r\nX-Forwarded-For: 1.2.3.4\r\nContent-Length: 3\r\n\r\nabc");
      client.read();
    }
    String upstream = "127.0.0.1:" + servers.getFirst().address().getPort();
    await().atMost(40, TimeUnit.SECONDS).untilAsserted(() -> assertThat(Files.readString(log))
        .matches("\\[\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z] \"POST /b\\?c HTTP/1.1\" 200 - 3 5 \\d+ \\d+ "
            + "\"1.2.3.4\" \"a'b\" \"id\" \"Test:80\" \"" + upstream + "\"\n"));
  }

  @Test
  void metricsCountByIstiosNames() throws IOException {
    proxy.cluster("c", server((request, number) -> RawServer.ok("x"))).route(route(Duration.ZERO, Optional.empty())).start();
    get();
    get();
    try (RawClient admin = proxy.admin()) {
      RawMessage page = admin.get("/stats/prometheus");
      assertThat(page.header("content-type")).startsWith("text/plain; version=0.0.4");
      assertThat(page.body())
          .contains("istio_requests_total{reporter=\"source\",source_workload=\"here-v1\"")
          .containsPattern("response_code=\"200\",response_flags=\"-\"} 2\n")
          .contains("envoy_cluster_upstream_rq_total{envoy_cluster_name=\"c\"} 2\n")
          .contains("envoy_cluster_membership_healthy{envoy_cluster_name=\"c\"} 1\n");
      assertThat(admin.get("/ready").as200()).isEqualTo("LIVE\n");
      proxy.hung = List.of("loop-1-1 is held by spinner");
      RawMessage unready = admin.get("/ready");
      assertThat(unready.status()).isEqualTo(503);
      assertThat(unready.body()).contains("held by spinner");
      proxy.modules = List.of(new Usage("quota", "1.2", 7, 2, 1, 1_500_000_000, 0.5, 4096, 100, 900, 927));
      assertThat(admin.get("/stats/prometheus").body())
          .contains("tenon_module_requests_total{module=\"quota\",version=\"1.2\"} 7\n")
          .contains("tenon_module_cpu_seconds_total{module=\"quota\",version=\"1.2\"} 1.500\n");
      assertThat(admin.get("/config_dump").as200()).isEqualTo("{\"configs\":[]}");
      assertThat(admin.get("/server_info").as200()).contains("LIVE");
      assertThat(admin.get("/else").status()).isEqualTo(404);
      assertThat(admin.send("POST /ready HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").read().status()).isEqualTo(405);
    }
  }
}
