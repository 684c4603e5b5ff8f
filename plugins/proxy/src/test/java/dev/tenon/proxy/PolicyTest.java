package dev.tenon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.proxy.compile.HttpSpec;
import dev.tenon.proxy.compile.PolicySpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteMatch;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.policy.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What policy says is done, whenever it says it; and where it is missing nothing passes. */
class PolicyTest {
  private RawServer server;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = RawServer.saying("served");
    PolicySpec spec = new PolicySpec(List.of("root", "own"), Map.of("destination.service.host", "ratings.default"));
    proxy =
        new RunningProxy()
            .cluster("server", server)
            .route(Route.of(RouteMatch.ALL, RouteAction.Forward.to("server")))
            .http(http ->
                new HttpSpec(http.routes(), Optional.of(spec), http.faults(), http.filters(), http.identity(), http.paths(),
                    http.limits(), http.accessLog()))
            .start();
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  private static PolicyEngine.Outcome denial(Verdict.Code code) {
    return new PolicyEngine.Outcome(
        new Verdict.Deny(code, "not you", Verdict.Validity.ONCE), "rule.own", "handler.own");
  }

  private static PolicyEngine.Policy denying(Predicate<Attributes> whom, boolean later) {
    return denying(whom, later, new LinkedBlockingQueue<>());
  }

  private static PolicyEngine.Policy denying(Predicate<Attributes> whom, boolean later, Queue<String> ids) {
    return new PolicyEngine.Policy() {
      @Override
      public PolicyEngine.@org.jspecify.annotations.Nullable Outcome check(
          Attributes request, PolicyEngine.Later told) {
        PolicyEngine.Outcome outcome =
            whom.test(request) ? denial(Verdict.Code.PERMISSION_DENIED) : PolicyEngine.Outcome.ALLOWED;
        if (!later) {
          return outcome;
        }
        CompletableFuture.runAsync(() -> told.decided(outcome));
        return null;
      }

      @Override
      public void denied(String id, PolicyEngine.Outcome outcome) {
        ids.add(id + " by " + outcome.rule());
      }

      @Override
      public void close() {}
    };
  }

  private static final PolicyEngine.Policy EMPTY = denying(request -> false, false);

  @Test
  void missingPolicyLetsNothingThrough() throws IOException {
    proxy.policies(Map.of("root", EMPTY));
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/").status()).isEqualTo(503);
      proxy.policies(Map.of("root", EMPTY, "own", EMPTY));
      assertThat(client.get("/").as200()).isEqualTo("served");
    }
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void aDenialSaysWhoDeniedAndWhy() throws IOException {
    proxy.policies(Map.of("root", EMPTY, "own", denying(request -> "x".equals(request.entry("request.headers", "Deny")), false)));
    try (RawClient client = proxy.client()) {
      RawMessage answer = client.get("/", "deny: x");
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).isEqualTo("PERMISSION_DENIED:handler.own:not you");
      assertThat(client.get("/", "deny: y").as200()).isEqualTo("served");
    }
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void aVerdictMayComeLater() throws IOException {
    PolicyEngine.Policy later = denying(request -> "/denied".equals(request.get("request.path")), true);
    proxy.policies(Map.of("root", later, "own", later));
    try (RawClient client = proxy.client()) {
      client.send("POST /denied HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nxxPOST /fine HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(403);
      client.send("yy");
      assertThat(client.read().as200()).isEqualTo("served");
      assertThat(client.get("/fine").as200()).isEqualTo("served");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void policyIsToldTheIdOfARequestThatItDenied(boolean later) throws IOException {
    BlockingQueue<String> others = new LinkedBlockingQueue<>();
    BlockingQueue<String> ids = new LinkedBlockingQueue<>();
    Predicate<Attributes> whom = request -> "/denied".equals(request.get("request.path"));
    proxy.policies(Map.of("root", denying(request -> false, later, others), "own", denying(whom, later, ids)));
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/fine", "x-request-id: one").status()).isEqualTo(200);
      assertThat(client.get("/denied", "x-request-id: two").status()).isEqualTo(403);
      assertThat(client.get("/denied").status()).isEqualTo(403);
    }
    assertThat(ids).hasSize(2);
    assertThat(ids.poll()).isEqualTo("two by rule.own");
    assertThat(ids.poll()).as("one that the proxy made").matches("[-0-9a-f]{36} by rule.own");
    assertThat(others).as("the one that denies alone").isEmpty();
  }

  @Test
  void attributesAreMixers() throws Exception {
    CompletableFuture<Attributes> seen = new CompletableFuture<>();
    proxy.policies(Map.of("root", EMPTY, "own", denying(request -> !seen.complete(request.snapshot()), false)));
    try (RawClient client = proxy.client()) {
      client.get("/a//b?q=1%20x", "User-Agent: me", "X-Two: 1", "x-two: 2");
    }
    Attributes attributes = seen.join();
    assertThat(attributes.get("request.method")).isEqualTo("GET");
    assertThat(attributes.get("request.path")).isEqualTo("/a/b?q=1%20x");
    assertThat(attributes.get("request.url_path")).isEqualTo("/a/b");
    assertThat(attributes.get("request.host")).isEqualTo("test");
    assertThat(attributes.get("request.useragent")).isEqualTo("me");
    assertThat(attributes.get("source.ip")).isEqualTo(InetAddress.getByName("127.0.0.1"));
    assertThat(attributes.get("destination.service.host")).isEqualTo("ratings.default");
    assertThat(attributes.get("connection.mtls")).isEqualTo(false);
    assertThat(attributes.get("no.such")).isNull();
    assertThat(attributes.entry("request.headers", "x-two")).isEqualTo("1,2");
    assertThat(attributes.entry("request.query_params", "q")).isEqualTo("1 x");
    assertThat((String) attributes.get("request.id")).hasSize(36);
  }

  @Test
  void policyIsToldOfRequestsThatAreOverWithWhatItReads() throws Exception {
    BlockingQueue<Attributes> told = new LinkedBlockingQueue<>();
    PolicyEngine.Policy own =
        new PolicyEngine.Policy() {
          @Override
          public PolicyEngine.Outcome check(Attributes request, PolicyEngine.Later later) {
            return request.entry("request.headers", "deny") == null
                ? PolicyEngine.Outcome.ALLOWED
                : denial(Verdict.Code.PERMISSION_DENIED);
          }

          @Override
          public Set<String> reported() {
            return Set.of(
                "response.code", "response.size", "response.total_size", "response.duration", "response.headers",
                "request.total_size", "request.headers", "context.proxy_error_code", "context.reporter.kind",
                "check.error_code", "destination.service.host");
          }

          @Override
          public void report(Attributes finished) {
            told.add(finished);
          }

          @Override
          public void close() {}
        };
    proxy.policies(Map.of("root", EMPTY, "own", own));
    try (RawClient client = proxy.client()) {
      client.get("/one");
      client.get("/two", "deny: x");
    }
    Attributes one = Objects.requireNonNull(told.poll(40, TimeUnit.SECONDS));
    assertThat(one.get("response.code")).isEqualTo(200L);
    assertThat(one.get("response.size")).isEqualTo(6L);
    assertThat((Long) one.get("response.total_size")).isGreaterThan(6L + 17);
    assertThat((Long) one.get("request.total_size")).isGreaterThan(20L);
    assertThat((Duration) one.get("response.duration")).isPositive();
    assertThat(one.entry("response.headers", "Content-Length")).isEqualTo("6");
    assertThat(one.get("context.proxy_error_code")).isEqualTo("-");
    assertThat(one.get("context.reporter.kind")).isEqualTo("inbound");
    assertThat(one.get("check.error_code")).isEqualTo(0L);
    assertThat(one.get("destination.service.host")).isEqualTo("ratings.default");
    assertThat(one.get("request.path")).as("what nobody reads is not kept").isNull();
    Attributes two = Objects.requireNonNull(told.poll(40, TimeUnit.SECONDS));
    assertThat(two.get("response.code")).isEqualTo(403L);
    assertThat(two.get("context.proxy_error_code")).isEqualTo("UAEX");
    assertThat(two.get("check.error_code")).isEqualTo(7L);
    assertThat(two.entry("request.headers", "deny")).isEqualTo("x");
  }
}
