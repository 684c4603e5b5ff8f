package dev.tenon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.proxy.compile.HttpSpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteMatch;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Given what an upstream answers, this is what the caller gets; and the other way round. */
@SuppressWarnings({"NullAway.Init", "StringConcatToTextBlock"}) // each test says what is given; bytes are shown as they are
class RelayTest {
  private RawServer server;
  private RunningProxy proxy;

  private void given(RawServer.Answer answer) throws IOException {
    server = new RawServer(answer);
    proxy =
        new RunningProxy()
            .cluster("server", server)
            .route(Route.of(RouteMatch.ALL, RouteAction.Forward.to("server")))
            .start();
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  @Test
  void connectionsToTheUpstreamAreUsedAgain() throws Exception {
    given((request, number) -> RawServer.ok("a"));
    try (RawClient client = proxy.client()) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.get("/" + i).body()).isEqualTo("a");
      }
    }
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void headersOfOneConnectionStayOnIt() throws Exception {
    given((request, number) ->
            "HTTP/1.1 200 OK\r\nConnection: x-private, close\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\n"
                + "Server: backend\r\nX-Kept: yes\r\nContent-Length: 0\r\n\r\n");
    try (RawClient client = proxy.client()) {
      RawMessage answer =
          client.get("/", "Connection: X-Hop, keep-alive", "X-Hop: 1", "Keep-Alive: 5", "TE: trailers",
              "Upgrade: websocket", "Proxy-Connection: keep-alive", "X-Kept: yes", "Trailer: X");
      RawMessage asked = server.request();
      assertThat(asked.head().toLowerCase(java.util.Locale.ROOT))
          .doesNotContain("connection:", "x-hop", "keep-alive:", "te:", "upgrade:", "proxy-connection", "trailer:")
          .contains("x-kept: yes\r\n", "x-forwarded-proto: http\r\n", "x-request-id: ");
      assertThat(answer.head()).doesNotContain("X-Private", "Keep-Alive", "backend", "onnection:");
      assertThat(answer.header("server")).isEqualTo("tenon");
      assertThat(answer.header("x-kept")).isEqualTo("yes");
      assertThat(answer.header("date")).isNotNull();
      assertThat(answer.header("x-envoy-upstream-service-time")).matches("\\d+");
      assertThat(client.get("/again").status()).isEqualTo(200);
    }
    assertThat(server.connections).as("the upstream said close").hasValue(2);
  }

  @Test
  void connectionCannotNameAwayWhatOthersRelyOn() throws Exception {
    given((request, number) -> RawServer.ok(""));
    try (RawClient client = proxy.client()) {
      client.get("/", "Connection: X-Forwarded-Host, authorization, X-Envoy-Internal, host", "X-Forwarded-Host: h",
          "Authorization: a", "X-Envoy-Internal: i");
      RawMessage asked = server.request();
      assertThat(asked.header("x-forwarded-host")).isEqualTo("h");
      assertThat(asked.header("authorization")).isEqualTo("a");
      assertThat(asked.header("x-envoy-internal")).isEqualTo("i");
      assertThat(asked.header("host")).isEqualTo("test");
    }
  }

  @Test
  void anEdgeDropsWhatOnlyTheMeshMaySay() throws Exception {
    server = RawServer.saying("");
    proxy =
        new RunningProxy()
            .cluster("server", server)
            .route(Route.of(RouteMatch.ALL, RouteAction.Forward.to("server")))
            .http(spec ->
                new HttpSpec(spec.routes(), spec.policy(), spec.faults(), spec.filters(), HttpSpec.CallerIdentity.EDGE,
                    spec.paths(), spec.limits(), spec.accessLog()))
            .start();
    try (RawClient client = proxy.client()) {
      client.get("/", "X-Envoy-Original-Path: /admin", "X-Forwarded-For: 6.6.6.6", "x-envoy-internal: true",
          "X_Forwarded_For: 6.6.6.6", "x.forwarded.host: evil", "X-Forwarded-Proto: https", "my_own: kept");
      RawMessage asked = server.request();
      assertThat(asked.head().toLowerCase(java.util.Locale.ROOT)).doesNotContain("x-envoy-", "6.6.6.6", "evil", "https");
      assertThat(asked.headers("x-forwarded-for")).containsExactly("127.0.0.1");
      assertThat(asked.header("x-forwarded-proto")).isEqualTo("http");
      assertThat(asked.header("my_own")).isEqualTo("kept");
    }
  }

  @Test
  void aRequestIdIsKeptOrMade() throws Exception {
    given((request, number) -> RawServer.ok(""));
    try (RawClient client = proxy.client()) {
      client.get("/", "X-Request-Id: mine");
      assertThat(server.request().headers("x-request-id")).containsExactly("mine");
      client.get("/");
      assertThat(server.request().header("x-request-id"))
          .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }
  }

  @Test
  void aRequestToAProxyNamesTheHostInItsTarget() throws Exception {
    given((request, number) -> RawServer.ok(""));
    try (RawClient client = proxy.client()) {
      client.send("GET http://Reviews:9080/a?b=c HTTP/1.1\r\nHost: other\r\n\r\n").read();
      RawMessage asked = server.request();
      assertThat(asked.firstLine()).isEqualTo("GET /a?b=c HTTP/1.1");
      assertThat(asked.headers("host")).containsExactly("Reviews:9080");
      client.send("GET http://reviews HTTP/1.1\r\nHost: other\r\n\r\n").read();
      assertThat(server.request().firstLine()).isEqualTo("GET / HTTP/1.1");
    }
  }

  @Test
  void anAnswerToHeadHasNoBody() throws Exception {
    given((request, number) -> "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    try (RawClient client = proxy.client()) {
      for (int i = 0; i < 2; i++) {
        RawMessage answer = client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n").readToHead();
        assertThat(answer.header("content-length")).isEqualTo("100");
      }
    }
    assertThat(server.connections).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void someStatusesHaveNoBody(String status) throws Exception {
    given((request, number) -> "HTTP/1.1 " + status + "\r\n\r\n");
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/").firstLine()).isEqualTo("HTTP/1.1 " + status);
      assertThat(client.get("/").firstLine()).isEqualTo("HTTP/1.1 " + status);
    }
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void chunksPassAsTheyAre() throws Exception {
    given((request, number) ->
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\nX-T: 1\r\n\r\n");
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/").body()).isEqualTo("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
      assertThat(client.get("/").status()).isEqualTo(200);
    }
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void aBodyThatEndsWithItsConnectionBecomesChunks() throws Exception {
    given((request, number) -> "HTTP/1.1 200 OK\r\n\r\nhello" + RawServer.CLOSE);
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/").body()).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
      assertThat(client.get("/").body()).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
    }
  }

  @Test
  void aClientOfHttp10GetsNoChunks() throws Exception {
    given((request, number) ->
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
    try (RawClient client = proxy.client()) {
      String answer = client.send("GET / HTTP/1.0\r\n\r\n").rest();
      assertThat(answer).endsWith("\r\n\r\nhello world").contains("connection: close\r\n").doesNotContain("chunked");
    }
  }

  @Test
  void aClientOfHttp10MayKeepItsConnection() throws Exception {
    given((request, number) -> RawServer.ok("x"));
    try (RawClient client = proxy.client()) {
      for (int i = 0; i < 2; i++) {
        RawMessage answer = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").read();
        assertThat(answer.header("connection")).isEqualTo("keep-alive");
        assertThat(server.request().headers("host")).containsExactly("");
      }
    }
  }

  @Test
  void theProxyItselfAnswersAnExpectation() throws Exception {
    given((request, number) -> RawServer.ok("x"));
    try (RawClient client = proxy.client()) {
      client.send("POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      assertThat(client.readToHead().firstLine()).isEqualTo("HTTP/1.1 100 Continue");
      assertThat(client.send("hello").read().status()).isEqualTo(200);
      RawMessage asked = server.request();
      assertThat(asked.header("expect")).isNull();
      assertThat(asked.body()).isEqualTo("hello");
    }
  }

  @Test
  void hintsOfTheUpstreamArePassedOver() throws Exception {
    given((request, number) ->
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + RawServer.ok("x"));
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/").body()).isEqualTo("x");
      assertThat(client.get("/").body()).isEqualTo("x");
    }
    assertThat(server.connections).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        "HTTP/1.1 2x0 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2 and more of it\r\n"
      })
  void anAnswerThatBreaksTheProtocolIsABadGateway(String answer) throws Exception {
    given((request, number) -> answer);
    try (RawClient client = proxy.client()) {
      RawMessage got = client.get("/", "Upgrade: x", "Connection: upgrade");
      assertThat(got.status()).isEqualTo(502);
      assertThat(got.body())
          .isEqualTo("upstream connect error or disconnect/reset before headers. reset reason: protocol error");
      assertThat(client.get("/").status()).isEqualTo(502);
    }
    assertThat(server.connections).as("such a connection is never used again").hasValue(2);
  }

  @Test
  void moreThanTheAnswerSpoilsTheConnection() throws Exception {
    given((request, number) -> RawServer.ok("x") + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/").body()).isEqualTo("x");
      assertThat(client.get("/").body()).isEqualTo("x");
    }
    assertThat(server.connections).hasValue(2);
  }

  @Test
  void anAnswerCutShortIsNoticedByTheCaller() throws Exception {
    given((request, number) -> "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello" + RawServer.CLOSE);
    try (RawClient client = proxy.client()) {
      String got = client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n").rest();
      assertThat(got).contains("Content-Length: 50");
      assertThat(got).contains("hello").hasSizeLessThan(400);
    }
  }

  @Test
  void largeBodiesPassBothWays() throws Exception {
    String large = "0123456789abcdef".repeat(256 * 1024);
    given((request, number) -> RawServer.ok(request.body()));
    try (RawClient client = proxy.client()) {
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + large.length() + "\r\n\r\n" + large);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(client.read().body()).isEqualTo(large);
      sent.join();
      assertThat(client.get("/").status()).isEqualTo(200);
    }
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void aCallerThatLeavesWhileReadingLeavesNoConnectionBehindThatDoesNotRead() throws Exception {
    String large = "x".repeat(8 * 1024 * 1024);
    given((request, number) -> number == 1 ? RawServer.ok(large) : RawServer.ok("small"));
    RawClient gone = proxy.client();
    gone.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    gone.readToHead();
    gone.close();
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/").body()).isEqualTo("small");
      assertThat(client.get("/").body()).isEqualTo("small");
    }
  }

  @Test
  void anEarlyAnswerEndsTheConnectionOfWhoIsStillSending() throws Exception {
    server = new RawServer((request, number) -> RawServer.ok("x"));
    proxy =
        new RunningProxy()
            .route(Route.of(RouteMatch.ALL, new RouteAction.DirectResponse(403, "no")))
            .start();
    try (RawClient client = proxy.client()) {
      client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\nbegun");
      RawMessage answer = client.read();
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void slowHeadsAreTimedOut() throws Exception {
    server = RawServer.saying("x");
    proxy =
        new RunningProxy()
            .cluster("server", server)
            .route(Route.of(RouteMatch.ALL, RouteAction.Forward.to("server")))
            .http(spec ->
                new HttpSpec(spec.routes(), spec.policy(), spec.faults(), spec.filters(), spec.identity(), spec.paths(),
                    new HttpSpec.HttpLimits(60 * 1024, 100, Duration.ofMillis(1_050), Duration.ofMillis(1_100), Duration.ofMillis(1_200)),
                    spec.accessLog()))
            .start();
    try (RawClient slowHead = proxy.client(); RawClient slowBody = proxy.client(); RawClient idle = proxy.client()) {
      slowHead.send("GET / HTTP/1.1\r\nHost: te");
      slowBody.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nabc");
      idle.get("/");
      assertThat(slowHead.rest()).startsWith("HTTP/1.1 408 ");
      assertThat(slowBody.rest()).startsWith("HTTP/1.1 408 ");
      assertThat(idle.closed()).isTrue();
    }
  }
}
