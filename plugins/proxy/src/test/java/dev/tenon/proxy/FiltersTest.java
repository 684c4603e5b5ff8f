package dev.tenon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.proxy.compile.FilterSpec;
import dev.tenon.proxy.compile.HeaderMatch;
import dev.tenon.proxy.compile.HttpSpec;
import dev.tenon.proxy.compile.PlacedFilters;
import dev.tenon.proxy.compile.PolicySpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteMatch;
import dev.tenon.proxy.compile.ValueMatch;
import dev.tenon.proxy.plug.PlugSpec;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.traffic.RequestFilter;
import dev.tenon.spi.traffic.RequestFilterFactory;
import dev.tenon.spi.traffic.RequestHead;
import dev.tenon.spi.traffic.ResponseHead;
import dev.tenon.spi.traffic.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What plug-ins do to requests and answers, and what becomes of these when a plug-in is absent or fails. */
class FiltersTest {
  private final List<FilterSpec> before = new ArrayList<>();
  private final List<FilterSpec> after = new ArrayList<>();
  private final List<Offer<RequestFilterFactory>> offers = new ArrayList<>();
  private final AtomicInteger closed = new AtomicInteger();
  private Optional<PolicySpec> policy = Optional.empty();
  private RawServer server;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = RawServer.saying("served");
    proxy = new RunningProxy().cluster("server", server);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  /** What a filter of a test does. */
  private interface Asked {
    Step on(RequestHead request) throws Exception;
  }

  private final class Made implements RequestFilter {
    private final Asked asked;
    private final BiConsumer<RequestHead, ResponseHead> answered;

    Made(Asked asked, BiConsumer<RequestHead, ResponseHead> answered) {
      this.asked = asked;
      this.answered = answered;
    }

    @Override
    public Step onRequest(RequestHead request) {
      try {
        return asked.on(request);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onResponse(RequestHead request, ResponseHead response) {
      answered.accept(request, response);
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private static PlugSpec spec(String plugin) {
    return new PlugSpec(plugin, Node.Mapping.empty(Position.of("test.yaml")));
  }

  private void install(String plugin, boolean nonBlocking, Asked asked, BiConsumer<RequestHead, ResponseHead> answered) {
    RequestFilterFactory factory =
        new RequestFilterFactory() {
          @Override
          public String name() {
            return plugin;
          }

          @Override
          public RequestFilter build(Fields config) {
            return new Made(asked, answered);
          }

          @Override
          public boolean nonBlocking() {
            return nonBlocking;
          }
        };
    offers.add(new Offer<>("jar-of-" + plugin, "1", factory));
  }

  private void install(String plugin, Asked asked) {
    install(plugin, true, asked, (request, response) -> {});
  }

  private static FilterSpec closed(String plugin) {
    return new FilterSpec("default/" + plugin, spec(plugin), false);
  }

  private static FilterSpec open(String plugin) {
    return new FilterSpec("default/" + plugin, spec(plugin), true);
  }

  private void begin(Route... routes) throws IOException {
    PlacedFilters placed = new PlacedFilters(before, after);
    placed.plugs().forEach(proxy.plugs.filters()::want);
    proxy.plugs.filters().present(offers);
    proxy
        .http(http -> new HttpSpec(http.routes(), policy, http.faults(), placed, http.identity(), http.paths(), http.limits(), http.accessLog()))
        .route(routes.length > 0 ? routes : new Route[] {Route.of(RouteMatch.ALL, RouteAction.Forward.to("server"))})
        .start();
  }

  private RawMessage get(String path, String... headers) throws IOException {
    try (RawClient client = proxy.client()) {
      return client.get(path, headers);
    }
  }

  @Test
  void aFilterChangesWhatTheUpstreamIsSent() throws Exception {
    install(
        "tag",
        head -> {
          assertThat(head.method()).isEqualTo("POST");
          assertThat(head.authority()).isEqualTo("test");
          assertThat(head.path()).isEqualTo("/a?q=1");
          assertThat(head.protocol()).isEqualTo("HTTP/1.1");
          assertThat(head.header("X-Two")).isEqualTo("1,2");
          assertThat(head.header("x-none")).isNull();
          assertThat(head.names()).containsExactly("host", "x-two", "content-length");
          head.set("x-one", "a");
          head.set("X-One", "b");
          head.add("x-two", "3");
          assertThat(head.header("x-two")).isEqualTo("1,2,3");
          head.remove("x-gone");
          head.path("/b?q=2");
          return Step.CONTINUE;
        });
    before.add(closed("tag"));
    begin();
    try (RawClient client = proxy.client()) {
      client.send("POST /x/../a?q=1 HTTP/1.1\r\nHost: test\r\nX-Two: 1\r\nx-two: 2\r\nContent-Length: 4\r\n\r\nbo");
      client.send("dy");
      assertThat(client.read().as200()).isEqualTo("served");
      RawMessage seen = server.request();
      assertThat(seen.firstLine()).isEqualTo("POST /b?q=2 HTTP/1.1");
      assertThat(seen.headers("x-one")).containsExactly("b");
      assertThat(seen.headers("x-two")).containsExactly("1", "2", "3");
      assertThat(seen.body()).isEqualTo("body");
    }
  }

  @Test
  void theRouteIsFoundByWhatFiltersMadeOfTheHead() throws Exception {
    install("tier", head -> {
      if ("/gold".equals(head.path())) {
        head.set("x-tier", "gold");
      }
      return Step.CONTINUE;
    });
    after.add(closed("tier"));
    RouteMatch gold =
        new RouteMatch(RouteMatch.ALL.path(), List.of(new HeaderMatch("x-tier", new ValueMatch.Exact("gold", false))), List.of());
    begin(
        Route.of(gold, new RouteAction.DirectResponse(200, "for gold")),
        Route.of(RouteMatch.ALL, RouteAction.Forward.to("server")));
    assertThat(get("/gold").as200()).isEqualTo("for gold");
    assertThat(get("/").as200()).isEqualTo("served");
  }

  @Test
  void aFilterAnswersInTheUpstreamsPlace() throws Exception {
    install("teapot", head ->
        new Step.Answer(418, List.of(new Step.Header("Content-Type", "text/html"), new Step.Header("x-why", "tea")), "<p>short and stout"));
    before.add(closed("teapot"));
    begin();
    RawMessage answer = get("/");
    assertThat(answer.status()).isEqualTo(418);
    assertThat(answer.body()).isEqualTo("<p>short and stout");
    assertThat(answer.headers("content-type")).containsExactly("text/html");
    assertThat(answer.headers("x-why")).containsExactly("tea");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void anAbsentFilterClosesUnlessItIsOpen() throws Exception {
    before.add(open("absent"));
    begin();
    assertThat(get("/").as200()).isEqualTo("served");
    proxy.close();
    proxy = new RunningProxy().cluster("server", server);
    before.set(0, closed("absent"));
    begin();
    RawMessage answer = get("/");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("the request filter default/absent cannot be asked");
    assertThat(server.requests).hasSize(1);
    try (RawClient admin = proxy.admin()) {
      assertThat(admin.get("/stats/prometheus").body()).contains("tenon_request_filter_failures_total 1\n");
    }
  }

  @Test
  void whatAFailingFilterDidIsUndone() throws Exception {
    install("good", head -> {
      head.set("x-good", "1");
      return Step.CONTINUE;
    });
    install("bad", head -> {
      head.set("x-bad", "1");
      head.remove("x-good");
      head.path("/bad");
      throw new IllegalStateException("on holiday");
    });
    before.add(closed("good"));
    before.add(open("bad"));
    begin();
    assertThat(get("/fine").as200()).isEqualTo("served");
    RawMessage seen = server.request();
    assertThat(seen.firstLine()).isEqualTo("GET /fine HTTP/1.1");
    assertThat(seen.headers("x-good")).containsExactly("1");
    assertThat(seen.headers("x-bad")).isEmpty();
  }

  @Test
  void aHeadCannotBeMadeToMeanTwoThings() throws Exception {
    CompletableFuture<RequestHead> kept = new CompletableFuture<>();
    install("sly", head -> {
      kept.complete(head);
      for (String own : List.of("content-length", "Transfer-Encoding", "connection", "host", "upgrade")) {
        assertThatThrownBy(() -> head.set(own, "1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> head.remove(own)).isInstanceOf(IllegalArgumentException.class);
      }
      for (String value : List.of("a\r\nx: y", "a\0", "\u20ac")) {
        assertThatThrownBy(() -> head.set("x-a", value)).isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> head.add("x a", "1")).isInstanceOf(IllegalArgumentException.class);
      for (String path : List.of("a", "/a b", "/a\r\n", "/a#b")) {
        assertThatThrownBy(() -> head.path(path)).isInstanceOf(IllegalArgumentException.class);
      }
      for (int i = 0; i < 60; i++) {
        head.set("x-a", "" + i);
      }
      return Step.CONTINUE;
    });
    before.add(closed("sly"));
    begin();
    assertThat(get("/").as200()).isEqualTo("served");
    assertThat(server.request().headers("x-a")).containsExactly("59");
    assertThatThrownBy(() -> kept.join().header("x-a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> kept.join().set("x-a", "1")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCallerCannotHaveAFiltersFieldDroppedOnTheWay() throws Exception {
    install("who", head -> {
      assertThat(head.has("x-user")).isFalse();
      head.set("x-user", "anybody");
      return Step.CONTINUE;
    });
    before.add(closed("who"));
    begin();
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/", "x-user: jason", "Connection: x-user").as200()).isEqualTo("served");
      assertThat(server.request().headers("x-user")).containsExactly("anybody");
      RawMessage last = client.get("/", "Connection: close, x-user");
      assertThat(last.header("connection")).isEqualTo("close");
      assertThat(server.request().headers("x-user")).containsExactly("anybody");
    }
  }

  @Test
  void policyJudgesWhatComesFromTheFiltersBeforeIt() throws Exception {
    install("who", head -> {
      head.set("x-user", head.has("x-key") ? "jason" : "anybody");
      return Step.CONTINUE;
    });
    AtomicInteger reached = new AtomicInteger();
    install("later", head -> {
      reached.incrementAndGet();
      return Step.CONTINUE;
    });
    before.add(closed("who"));
    after.add(closed("later"));
    policy = Optional.of(new PolicySpec(List.of("own"), Map.of()));
    proxy.policies(Map.of("own", new Jasons()));
    begin();
    assertThat(get("/", "x-user: jason").status()).isEqualTo(403);
    assertThat(reached).hasValue(0);
    assertThat(get("/", "x-key: 1").as200()).isEqualTo("served");
    assertThat(reached).hasValue(1);
  }

  private record Jasons() implements PolicyEngine.Policy {
    @Override
    public PolicyEngine.Outcome check(Attributes request, PolicyEngine.Later later) {
      return "jason".equals(request.entry("request.headers", "x-user"))
          ? PolicyEngine.Outcome.ALLOWED
          : new PolicyEngine.Outcome(
              new Verdict.Deny(Verdict.Code.PERMISSION_DENIED, "not you", Verdict.Validity.ONCE), "r", "h");
    }

    @Override
    public void close() {}
  }

  @Test
  void aFilterThatBlocksHoldsUpItsOwnRequestAlone() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    install("first", head -> {
      head.set("x-first", "1");
      return Step.CONTINUE;
    });
    install("lookup", false, head -> {
      assertThat(head.header("x-first")).isEqualTo("1");
      head.note("tenant", "shop");
      if (head.path().equals("/slow")) {
        asked.countDown();
        assertThat(go.await(40, TimeUnit.SECONDS)).isTrue();
        head.set("x-tenant", "shop");
      }
      return Step.CONTINUE;
    }, (request, response) -> response.set("x-noted", String.valueOf(request.note("tenant"))));
    install("last", head -> {
      head.set("x-last", String.valueOf(head.header("x-tenant")));
      return Step.CONTINUE;
    });
    before.add(closed("first"));
    before.add(closed("lookup"));
    before.add(closed("last"));
    begin();
    try (RawClient slow = proxy.client()) {
      slow.send("POST /slow HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbo");
      assertThat(asked.await(40, TimeUnit.SECONDS)).isTrue();
      assertThat(get("/").as200()).isEqualTo("served");
      slow.send("dy");
      server.request();
      go.countDown();
      RawMessage answer = slow.read();
      assertThat(answer.as200()).isEqualTo("served");
      assertThat(answer.headers("x-noted")).containsExactly("shop");
      RawMessage seen = server.request();
      assertThat(seen.body()).isEqualTo("body");
      assertThat(seen.headers("x-first")).containsExactly("1");
      assertThat(seen.headers("x-last")).containsExactly("shop");
    }
  }

  @Test
  void aFilterThatIsLateFails() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    install("late", false, head -> {
      never.await();
      return Step.CONTINUE;
    }, (request, response) -> {});
    before.add(closed("late"));
    begin();
    assertThat(get("/").status()).isEqualTo(503);
    assertThat(server.requests).isEmpty();
    never.countDown();
  }

  @Test
  void answersPassTheFiltersBackwardsAndTheProxysOwnDoToo() throws Exception {
    install("one", true, head -> Step.CONTINUE, (request, response) -> {
      response.set("x-trail", response.header("x-trail") + " one " + request.path());
      response.remove("x-secret");
      assertThatThrownBy(() -> request.getClass().getMethod("set", String.class, String.class).invoke(request, "a", "b"))
          .hasRootCauseInstanceOf(IllegalStateException.class);
    });
    install("two", true, head -> Step.CONTINUE, (request, response) ->
        response.set("x-trail", "two " + response.status() + (response.own() ? " own" : " relayed")));
    before.add(closed("one"));
    after.add(closed("two"));
    server.close();
    server = new RawServer((request, number) -> "HTTP/1.1 200 OK\r\nX-Secret: 1\r\nContent-Length: 6\r\n\r\nserved");
    proxy.cluster("server", server);
    begin(
        Route.of(RouteMatch.prefix("/served"), RouteAction.Forward.to("server")),
        Route.of(RouteMatch.prefix("/own"), new RouteAction.DirectResponse(404, "")));
    RawMessage served = get("/served");
    assertThat(served.as200()).isEqualTo("served");
    assertThat(served.headers("x-trail")).containsExactly("two 200 relayed one /served");
    assertThat(served.headers("x-secret")).isEmpty();
    assertThat(get("/own").headers("x-trail")).containsExactly("two 404 own one /own");
  }

  @Test
  void anAnswerThatAClosedFilterCannotSeeIsNotSent() throws Exception {
    install("strip", true, head -> Step.CONTINUE, (request, response) -> {
      throw new IllegalStateException("no");
    });
    before.add(closed("strip"));
    begin();
    try (RawClient client = proxy.client()) {
      RawMessage answer = client.get("/");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).doesNotContain("served");
      assertThat(client.get("/").status()).isEqualTo(503);
    }
  }

  @Test
  void aFilterComesAndGoesWhileRequestsRun() throws Exception {
    before.add(closed("tag"));
    begin();
    assertThat(get("/").status()).isEqualTo(503);
    install("tag", head -> {
      head.set("x-by", "first");
      return Step.CONTINUE;
    });
    proxy.plugs.filters().present(offers);
    assertThat(get("/").as200()).isEqualTo("served");
    assertThat(server.request().headers("x-by")).containsExactly("first");
    offers.clear();
    install("tag", head -> {
      head.set("x-by", "second");
      return Step.CONTINUE;
    });
    proxy.plugs.filters().present(offers);
    assertThat(closed).as("the first one is closed when its successor is in its place").hasValue(1);
    assertThat(get("/").as200()).isEqualTo("served");
    assertThat(server.request().headers("x-by")).containsExactly("second");
    proxy.plugs.filters().present(List.of());
    assertThat(closed).hasValue(2);
    assertThat(get("/").status()).isEqualTo(503);
  }
}
