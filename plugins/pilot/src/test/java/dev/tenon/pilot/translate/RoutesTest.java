package dev.tenon.pilot.translate;

import static dev.tenon.pilot.support.Call.get;
import static dev.tenon.pilot.support.Rule.answer;
import static dev.tenon.pilot.support.Rule.redirect;
import static dev.tenon.pilot.support.Rule.split;
import static dev.tenon.pilot.support.Rule.to;
import static dev.tenon.pilot.support.Rule.virtualService;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.pilot.scope.Proxy;
import dev.tenon.pilot.support.Call;
import dev.tenon.pilot.support.Rule;
import dev.tenon.pilot.support.Rule.Match;
import dev.tenon.pilot.support.Taken;
import dev.tenon.pilot.support.Town;
import dev.tenon.spi.rules.HeaderOps;
import dev.tenon.spi.rules.TextMatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the words of a VirtualService mean, one by one. */
class RoutesTest {
  private static final String V1 = "outbound|9080|v1|reviews.default.svc.cluster.local";
  private static final String V2 = "outbound|9080|v2|reviews.default.svc.cluster.local";
  private final Proxy caller = Town.sidecar("productpage-v1", "127.0.0.11");

  private Taken when(Rule.Route route, Call call) {
    Town town = Town.bookinfo().versions("default/reviews", "reviews", "v1", "v2");
    town.add(virtualService("default/reviews", "reviews").http(route).http(to("reviews/v1")));
    return town.from(caller, call);
  }

  private void takes(Match match, Call... calls) {
    for (Call call : calls) {
      assertThat(when(to("reviews/v2").when(match), call).cluster()).as(call.toString()).isEqualTo(V2);
    }
  }

  private void leaves(Match match, Call... calls) {
    for (Call call : calls) {
      assertThat(when(to("reviews/v2").when(match), call).cluster()).as(call.toString()).isEqualTo(V1);
    }
  }

  private static Call at(String path) {
    return get("reviews:9080", path);
  }

  @Test
  void paths() {
    takes(Match.exact("/a"), at("/a"), at("/a?b=c"));
    leaves(Match.exact("/a"), at("/a/"), at("/A"), at("/ab"));
    takes(Match.prefix("/a"), at("/a"), at("/ab"), at("/a/b"));
    leaves(Match.prefix("/a"), at("/"), at("/A"));
    takes(Match.prefix("/a").ignoreCase(), at("/A/b"));
    takes(Match.regex("/a[0-9]+"), at("/a12"));
    leaves(Match.regex("/a[0-9]+"), at("/a12/x"), at("/x/a12"));
  }

  @Test
  void headers() {
    Match exact = Match.any().header("end-user", new TextMatch.Exact("jason"));
    takes(exact, at("/").with("end-user", "jason"));
    leaves(exact, at("/"), at("/").with("end-user", "Jason"));
    Match present = Match.any().header("x", new TextMatch.Present());
    takes(present, at("/").with("x", ""));
    leaves(present, at("/"));
    Match both = Match.any().header("a", new TextMatch.Exact("1")).header("b", new TextMatch.Prefix("2"));
    takes(both, at("/").with("a", "1").with("b", "23"));
    leaves(both, at("/").with("a", "1"));
  }

  @Test
  void headersThatMustNotBeThere() {
    Match value = Match.any().without("x", new TextMatch.Exact("no"));
    takes(value, at("/"), at("/").with("x", "yes"));
    leaves(value, at("/").with("x", "no"));
    Match any = Match.any().without("x", new TextMatch.Present());
    takes(any, at("/"));
    leaves(any, at("/").with("x", "yes"));
    Match everything = Match.any().without("x", new TextMatch.Regex(".*"));
    takes(everything, at("/"));
    leaves(everything, at("/").with("x", "yes"));
  }

  @Test
  void methodAuthorityAndQuery() {
    takes(Match.any().method("PUT"), at("/").method("PUT"));
    leaves(Match.any().method("PUT"), at("/"));
    takes(Match.any().authority(new TextMatch.Prefix("reviews.default")), get("reviews.default:9080", "/"));
    leaves(Match.any().authority(new TextMatch.Prefix("reviews.default")), at("/"));
    takes(Match.any().query("v", new TextMatch.Exact("2")), at("/?v=2"));
    leaves(Match.any().query("v", new TextMatch.Exact("2")), at("/?v=3"), at("/"));
  }

  @Test
  void whoCallsAndThroughWhatIsDecidedForEachProxy() {
    takes(Match.any().from(Map.of("app", "productpage")), at("/"));
    leaves(Match.any().from(Map.of("app", "ratings")), at("/"));
    takes(Match.any().fromNamespace("default"), at("/"));
    leaves(Match.any().fromNamespace("other"), at("/"));
    takes(Match.any().gateways("mesh"), at("/"));
    leaves(Match.any().gateways("default/bookinfo-gateway"), at("/"));
    takes(Match.any().port(9080), at("/"));
    leaves(Match.any().port(80), at("/"));
  }

  @Test
  void aRouteWithSeveralMatchesIsTakenByAnyOfThem() {
    Rule.Route route = to("reviews/v2").when(Match.exact("/a")).when(Match.exact("/b"));
    assertThat(when(route, at("/a")).cluster()).isEqualTo(V2);
    assertThat(when(route, at("/b")).cluster()).isEqualTo(V2);
    assertThat(when(route, at("/c")).cluster()).isEqualTo(V1);
  }

  @Test
  void whatNoRouteMatchesIsNotFound() {
    Town town = Town.bookinfo();
    town.add(virtualService("default/reviews", "reviews").http(to("reviews").when(Match.exact("/a"))));
    assertThat(town.from(caller, at("/b")).status()).isEqualTo(404);
  }

  @Test
  void weights() {
    assertThat(when(split("reviews/v1", 80, "reviews/v2", 20), at("/")).shares())
        .isEqualTo(Map.of(V1, 80, V2, 20));
    assertThat(when(split("reviews/v1", 0, "reviews/v2", 100), at("/")).shares()).isEqualTo(Map.of(V2, 100));
    assertThat(when(new Rule.Route().and("reviews/v2", 0), at("/")).shares()).isEqualTo(Map.of(V2, 100));
  }

  @Test
  void aSubsetThatIsMissingLeadsNowhere() {
    Town town = Town.bookinfo();
    town.add(virtualService("default/reviews", "reviews").http(to("reviews/v9")));
    String cluster = town.from(caller, at("/")).cluster();
    assertThat(cluster).isEqualTo("outbound|9080|v9|reviews.default.svc.cluster.local");
    assertThat(town.has(caller, ResourceType.CDS, cluster)).isFalse();
  }

  @Test
  void timesAndRetries() {
    Taken plain = when(to("reviews/v2"), at("/"));
    assertThat(plain.action().hasTimeout()).isTrue();
    assertThat(plain.action().getTimeout().getSeconds()).isZero();
    assertThat(plain.action().hasRetryPolicy()).isFalse();
    Taken bounded = when(to("reviews/v2").timeout(Duration.ofMillis(1500)).retries(3, "5xx,503"), at("/"));
    assertThat(bounded.action().getTimeout())
        .isEqualTo(com.google.protobuf.Duration.newBuilder().setSeconds(1).setNanos(500_000_000).build());
    var retries = bounded.action().getRetryPolicy();
    assertThat(retries.getRetryOn()).isEqualTo("5xx,retriable-status-codes");
    assertThat(retries.getRetriableStatusCodesList()).containsExactly(503);
    assertThat(retries.getNumRetries().getValue()).isEqualTo(3);
    assertThat(retries.getPerTryTimeout().getSeconds()).isEqualTo(2);
    assertThat(when(to("reviews/v2").retries(0, "5xx"), at("/")).action().hasRetryPolicy()).isFalse();
  }

  @Test
  void faultsToTheTenThousandthOfAPercent() {
    var abort = when(to("reviews/v2").abort(500, 12.5), at("/")).fault().getAbort();
    assertThat(abort.getHttpStatus()).isEqualTo(500);
    assertThat(abort.getPercentage().getNumerator()).isEqualTo(125_000);
    var delay = when(to("reviews/v2").delay(Duration.ofSeconds(7), 0.0001), at("/")).fault().getDelay();
    assertThat(delay.getPercentage().getNumerator()).isEqualTo(1);
  }

  @Test
  void answersWithoutAService() {
    Taken moved = when(redirect("other", "/x", 307), at("/"));
    assertThat(moved.there().getRedirect().getHostRedirect()).isEqualTo("other");
    assertThat(moved.there().getRedirect().getPathRedirect()).isEqualTo("/x");
    assertThat(moved.there().getRedirect().getResponseCode().name()).isEqualTo("TEMPORARY_REDIRECT");
    assertThat(when(answer(403, "no"), at("/")).status()).isEqualTo(403);
  }

  @Test
  void rewritesAndHeaders() {
    Taken taken =
        when(
            to("reviews/v2")
                .when(Match.prefix("/a"))
                .rewrite("/b", "other")
                .headers(
                    new HeaderOps(Map.of("x-set", "50%"), Map.of("x-add", "%PROTOCOL%"), List.of("x-gone")),
                    new HeaderOps(Map.of(), Map.of(), List.of("server"))),
            at("/a"));
    assertThat(taken.action().getPrefixRewrite()).isEqualTo("/b");
    assertThat(taken.action().getHostRewriteLiteral()).isEqualTo("other");
    assertThat(taken.there().getRequestHeadersToAddList())
        .extracting(option -> option.getHeader().getValue())
        .containsExactly("50%%", "%PROTOCOL%");
    assertThat(taken.there().getRequestHeadersToRemoveList()).containsExactly("x-gone");
    assertThat(taken.there().getResponseHeadersToRemoveList()).containsExactly("server");
    Taken host =
        when(
            to("reviews/v2").headers(new HeaderOps(Map.of("host", "set"), Map.of(), List.of()), HeaderOps.NONE),
            at("/"));
    assertThat(host.action().getHostRewriteLiteral()).isEqualTo("set");
    assertThat(host.there().getRequestHeadersToAddList()).isEmpty();
  }
}
