package dev.tenon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.re2j.Pattern;
import dev.tenon.proxy.compile.FaultSpec;
import dev.tenon.proxy.compile.HeaderMatch;
import dev.tenon.proxy.compile.HeaderOps;
import dev.tenon.proxy.compile.PathMatch;
import dev.tenon.proxy.compile.PathRewrite;
import dev.tenon.proxy.compile.QueryMatch;
import dev.tenon.proxy.compile.Rewrite;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteMatch;
import dev.tenon.proxy.compile.ValueMatch;
import dev.tenon.proxy.compile.WeightedCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Given these routes, when this request, then this upstream, this head, this answer. */
class RoutingTest {
  private RawServer one;
  private RawServer two;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws IOException {
    one = RawServer.saying("one");
    two = RawServer.saying("two");
    proxy = new RunningProxy().cluster("one", one).cluster("two", two);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    one.close();
    two.close();
  }

  private static Route to(String cluster, PathMatch path) {
    return Route.of(new RouteMatch(path, List.of(), List.of()), RouteAction.Forward.to(cluster));
  }

  private static Route byHeader(String cluster, HeaderMatch... matches) {
    return Route.of(
        new RouteMatch(new PathMatch.Prefix("/", false), List.of(matches), List.of()), RouteAction.Forward.to(cluster));
  }

  private String get(String path, String... headers) throws IOException {
    try (RawClient client = proxy.client()) {
      RawMessage answer = client.get(path, headers);
      return answer.status() == 200 ? answer.body() : String.valueOf(answer.status());
    }
  }

  @Test
  void theFirstRouteThatMatchesWins() throws IOException {
    proxy.route(
            to("one", new PathMatch.Exact("/exact", false)),
            to("one", new PathMatch.Segments("/api", false)),
            to("one", new PathMatch.Regex(Pattern.compile("/v[0-9]+/x"))),
            to("one", new PathMatch.Prefix("/Case", true)),
            to("two", new PathMatch.Prefix("/", false)))
        .start();
    assertThat(get("/exact")).isEqualTo("one");
    assertThat(get("/exact?q=1")).isEqualTo("one");
    assertThat(get("/exact/")).isEqualTo("two");
    assertThat(get("/api")).isEqualTo("one");
    assertThat(get("/api/x")).isEqualTo("one");
    assertThat(get("/apix")).isEqualTo("two");
    assertThat(get("/v12/x")).isEqualTo("one");
    assertThat(get("/v12/xy")).isEqualTo("two");
    assertThat(get("/cASE/1")).isEqualTo("one");
  }

  @Test
  void headersChoose() throws IOException {
    proxy.route(
            byHeader("one", new HeaderMatch("end-user", new ValueMatch.Exact("jason", false))),
            byHeader("one", new HeaderMatch(":method", new ValueMatch.Exact("DELETE", false))),
            byHeader("one", new HeaderMatch("x-any", new ValueMatch.Present(true))),
            byHeader("one", new HeaderMatch("x-re", new ValueMatch.Regex(Pattern.compile("a+"))),
                new HeaderMatch("x-not", new ValueMatch.Exact("no", false), true, false)),
            byHeader("two"))
        .start();
    assertThat(get("/", "End-User: jason")).isEqualTo("one");
    assertThat(get("/", "End-User:  jason \t")).as("white space around a value is not part of it").isEqualTo("one");
    assertThat(get("/", "End-User: jasonx")).isEqualTo("two");
    assertThat(get("/", "End-User: jason", "End-User: x")).as("values are joined").isEqualTo("two");
    assertThat(get("/", "X-Any;")).isEqualTo("400");
    assertThat(get("/", "X-Any:")).isEqualTo("one");
    assertThat(get("/", "X-Re: aaa")).isEqualTo("one");
    assertThat(get("/", "X-Re: aaa", "X-Not: no")).isEqualTo("two");
    assertThat(get("/", "X-Re: aab")).isEqualTo("two");
  }

  @Test
  void aValueThatIsNotUtf8MatchesNoExpressionNorItsOpposite() throws IOException {
    proxy.route(
            byHeader("one", new HeaderMatch("x", new ValueMatch.Regex(Pattern.compile("admin")), true, false)),
            byHeader("two"))
        .start();
    assertThat(get("/", "X: other")).isEqualTo("one");
    assertThat(get("/", "X: \u00ff\u00fe")).isEqualTo("two");
  }

  @Test
  void queryParametersChoose() throws IOException {
    RouteMatch beta =
        new RouteMatch(
            new PathMatch.Prefix("/", false),
            List.of(),
            List.of(new QueryMatch("v", new ValueMatch.Exact("be ta", false))));
    proxy.route(Route.of(beta, RouteAction.Forward.to("one")), to("two", new PathMatch.Prefix("/", false))).start();
    assertThat(get("/?a=b&v=be%20ta")).isEqualTo("one");
    assertThat(get("/?a=b&v=beta")).isEqualTo("two");
    assertThat(get("/?v")).isEqualTo("two");
    assertThat(get("/?")).isEqualTo("two");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin", "//admin", "/./admin", "/x/../admin", "/%61dmin", "/x/%2e%2e/admin", "\\admin", "/x/..\\admin",
        "/x//../..//admin", "/admin/.", "/admin/x/..", "/.//admin"
      })
  void otherSpellingsOfAPathAreMadeNormalFirst(String path) throws IOException {
    proxy.route(
            Route.of(RouteMatch.prefix("/admin"), new RouteAction.DirectResponse(403, "no")),
            to("one", new PathMatch.Prefix("/", false)))
        .start();
    try (RawClient client = proxy.client()) {
      String target = path.startsWith("\\") ? "/" + path : path;
      assertThat(client.get(target).status()).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/user/..;a=b/admin", "/..;/admin", "/.;x/admin", "/a%00b", "/a%zz", "/a%2", "/%"})
  void pathsThatBackendsReadDifferentlyAreRefused(String path) throws IOException {
    proxy.route(to("one", new PathMatch.Prefix("/", false))).start();
    assertThat(get(path)).isEqualTo("400");
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b, /a/b", "/a/./b, /a/b", "/a/../../b, /b", "/a/b/.., /a/", "/.., /", "//a///b//, /a/b/", "/%7Eu, /~u",
    "/a%2fb, /a%2Fb", "/..., /...", "/a/.b, /a/.b", "/a?x=/../y//z, /a?x=/../y//z"
  })
  void theUpstreamSeesThePathThatWasMatched(String path, String seen) throws Exception {
    proxy.route(to("one", new PathMatch.Prefix("/", false))).start();
    assertThat(get(path)).isEqualTo("one");
    assertThat(one.request().firstLine()).isEqualTo("GET " + seen + " HTTP/1.1");
  }

  @Test
  void hostsAreComparedWithoutCase() throws IOException {
    proxy.domains("reviews:9080", "*.example.com", "secret.com").route(to("one", new PathMatch.Prefix("/", false))).start();
    try (RawClient client = proxy.client()) {
      for (String host : List.of("Reviews:9080", "A.EXAMPLE.com", "Secret.COM")) {
        assertThat(client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read().status()).as(host).isEqualTo(200);
      }
      for (String host : List.of("reviews", "example.com", "secret.com.evil")) {
        assertThat(client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read().status()).as(host).isEqualTo(404);
      }
    }
  }

  @Test
  void weightsHoldOverManyRequests() throws IOException {
    RouteAction split =
        new RouteAction.Forward(
            List.of(
                new WeightedCluster("one", 90, HeaderOps.NONE, HeaderOps.NONE),
                new WeightedCluster("two", 10, HeaderOps.NONE, HeaderOps.NONE)),
            Duration.ofSeconds(15),
            Optional.empty(),
            Rewrite.NONE);
    proxy.route(Route.of(RouteMatch.ALL, split)).start();
    Map<String, Integer> seen = new HashMap<>();
    try (RawClient client = proxy.client()) {
      for (int i = 0; i < 2000; i++) {
        seen.merge(client.get("/").body(), 1, Integer::sum);
      }
    }
    // Five and a half standard deviations of 2000 throws.
    assertThat(seen.get("two")).isCloseTo(200, within(74));
  }

  @Test
  void headersAreChangedBothWays() throws Exception {
    HeaderOps ofCluster = new HeaderOps(List.of(new HeaderOps.Put("x-cluster", "1", HeaderOps.When.APPEND)));
    HeaderOps request =
        new HeaderOps(
            List.of(
                new HeaderOps.Remove("x-gone"),
                new HeaderOps.Put("x-set", "new", HeaderOps.When.OVERWRITE),
                new HeaderOps.Put("x-add", "2", HeaderOps.When.APPEND),
                new HeaderOps.Put("x-add", "3", HeaderOps.When.ADD_IF_ABSENT),
                new HeaderOps.Put("x-if", "4", HeaderOps.When.OVERWRITE_IF_PRESENT)));
    HeaderOps response = new HeaderOps(List.of(new HeaderOps.Put("x-out", "5", HeaderOps.When.APPEND)));
    RouteAction action =
        new RouteAction.Forward(
            List.of(new WeightedCluster("one", 1, ofCluster, HeaderOps.NONE)),
            Duration.ZERO,
            Optional.empty(),
            new Rewrite(new PathRewrite.Prefix("/new/"), "other.host"));
    proxy
        .route(new Route("r", RouteMatch.prefix("/old/"), action, request, response, Optional.empty()))
        .start();
    try (RawClient client = proxy.client()) {
      RawMessage answer = client.get("/old/x?y", "X-Gone: 1", "X-Set: old", "X-Add: 1", "X-Gone: 2");
      RawMessage asked = one.request();
      assertThat(asked.firstLine()).isEqualTo("GET /new/x?y HTTP/1.1");
      assertThat(asked.headers("host")).containsExactly("other.host");
      assertThat(asked.headers("x-envoy-original-path")).containsExactly("/old/x?y");
      assertThat(asked.headers("x-gone")).isEmpty();
      assertThat(asked.headers("x-set")).containsExactly("new");
      assertThat(asked.headers("x-add")).containsExactly("1", "2");
      assertThat(asked.headers("x-if")).isEmpty();
      assertThat(asked.headers("x-cluster")).containsExactly("1");
      assertThat(answer.headers("x-out")).containsExactly("5");
    }
  }

  @Test
  void aRewriteNeverEndsALine() throws Exception {
    RouteAction action =
        new RouteAction.Forward(
            List.of(WeightedCluster.only("one")),
            Duration.ZERO,
            Optional.empty(),
            new Rewrite(new PathRewrite.Regex(Pattern.compile("^/(.*)$"), "/x\r\nY: $1"), ""));
    proxy.route(Route.of(RouteMatch.ALL, action)).start();
    assertThat(get("/a")).isEqualTo("one");
    assertThat(one.request().firstLine()).isEqualTo("GET /x%0D%0AY:%20a HTTP/1.1");
  }

  @Test
  void redirectsAndDirectAnswers() throws IOException {
    proxy.route(
            Route.of(RouteMatch.prefix("/direct"), new RouteAction.DirectResponse(418, "tea")),
            Route.of(
                RouteMatch.prefix("/old"),
                new RouteAction.Redirect("https", "new.host", 0, new PathRewrite.Prefix("/new"), 301, false)))
        .start();
    try (RawClient client = proxy.client()) {
      RawMessage direct = client.get("/direct");
      assertThat(direct.status()).isEqualTo(418);
      assertThat(direct.body()).isEqualTo("tea");
      RawMessage redirect = client.get("/old/x?y=z");
      assertThat(redirect.status()).isEqualTo(301);
      assertThat(redirect.header("location")).isEqualTo("https://new.host/new/x?y=z");
    }
  }

  @Test
  void troubleMadeOnPurpose() throws IOException {
    FaultSpec slow = new FaultSpec(Optional.of(new FaultSpec.Delay(Duration.ofMillis(300), 1_000_000)), Optional.empty());
    FaultSpec broken = new FaultSpec(Optional.empty(), Optional.of(new FaultSpec.Abort(555, 1_000_000)));
    FaultSpec never = new FaultSpec(Optional.empty(), Optional.of(new FaultSpec.Abort(555, 0)));
    proxy.route(withFault("/slow", slow), withFault("/broken", broken), withFault("/never", never)).start();
    try (RawClient client = proxy.client()) {
      long before = System.nanoTime();
      assertThat(client.get("/slow").body()).isEqualTo("one");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofMillis(295), Duration.ofSeconds(20));
      RawMessage answer = client.get("/broken");
      assertThat(answer.status()).isEqualTo(555);
      assertThat(answer.body()).isEqualTo("fault filter abort");
      assertThat(client.get("/never").body()).isEqualTo("one");
    }
  }

  @Test
  void aDelayOnPurposeIsNoPartOfTheTimeOut() throws IOException {
    FaultSpec slow = new FaultSpec(Optional.of(new FaultSpec.Delay(Duration.ofMillis(1_200), 1_000_000)), Optional.empty());
    RouteAction action =
        new RouteAction.Forward(
            List.of(WeightedCluster.only("one")), Duration.ofMillis(1_050), Optional.empty(), Rewrite.NONE);
    proxy.route(new Route("", RouteMatch.ALL, action, HeaderOps.NONE, HeaderOps.NONE, Optional.of(slow))).start();
    assertThat(get("/")).isEqualTo("one");
  }

  private static Route withFault(String prefix, FaultSpec fault) {
    return new Route(
        "", RouteMatch.prefix(prefix), RouteAction.Forward.to("one"), HeaderOps.NONE, HeaderOps.NONE, Optional.of(fault));
  }

  @Test
  void aRequestKeepsTheTableItBeganWithAndTheNextOneHasTheNew() throws Exception {
    proxy.route(to("one", new PathMatch.Prefix("/", false))).start();
    try (RawClient client = proxy.client()) {
      assertThat(client.get("/").body()).isEqualTo("one");
      proxy.cluster("one", two).publish();
      assertThat(client.get("/").body()).isEqualTo("two");
    }
  }
}
