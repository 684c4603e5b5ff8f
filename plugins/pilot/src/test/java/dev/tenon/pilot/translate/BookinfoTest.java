package dev.tenon.pilot.translate;

import static dev.tenon.pilot.support.Call.get;
import static dev.tenon.pilot.support.Rule.split;
import static dev.tenon.pilot.support.Rule.to;
import static dev.tenon.pilot.support.Rule.virtualService;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.pilot.scope.Proxy;
import dev.tenon.pilot.support.Read;
import dev.tenon.pilot.support.Rule.Match;
import dev.tenon.pilot.support.Town;
import dev.tenon.spi.rules.TextMatch;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Istio's Bookinfo tasks promise, asked of the routes of productpage's and reviews' sidecars. */
class BookinfoTest {
  private static final String REVIEWS = "reviews.default.svc.cluster.local";
  private final Proxy productpage = Town.sidecar("productpage-v1", "127.0.0.11");
  private final Proxy reviews = Town.sidecar("reviews-v2", "127.0.0.14");
  private final Town town =
      Town.bookinfo()
          .versions("default/reviews", "reviews", "v1", "v2", "v3")
          .versions("default/ratings", "ratings", "v1", "v2");

  private static String outbound(String subset, String host) {
    return "outbound|9080|" + subset + "|" + host;
  }

  @Test
  void aServiceWithoutRulesIsReachedUnderAllItsNames() {
    for (String name : new String[] {"reviews", "reviews.default", "reviews.default.svc", REVIEWS}) {
      assertThat(town.from(productpage, get(name + ":9080", "/reviews/0")).cluster())
          .isEqualTo(outbound("", REVIEWS));
    }
    assertThat(Read.endpoints(town.snapshot(productpage), outbound("", REVIEWS)))
        .containsExactlyInAnyOrder("127.0.0.13:9080", "127.0.0.14:9080", "127.0.0.15:9080");
    assertThat(town.from(productpage, get("reviews:9080", "/")).action().getTimeout().getSeconds()).isZero();
    assertThat(town.from(productpage, get("reviews:9080", "/")).action().hasTimeout()).isTrue();
  }

  @Test
  void aHostThatNobodyKnowsIsBlocked() {
    assertThat(town.from(productpage, get("example.com", "/")).status()).isEqualTo(502);
    assertThat(town.from(productpage, get("reviews", "/")).status()).isEqualTo(502);
    assertThat(town.from(productpage, get("reviews:9081", "/")).status()).isEqualTo(502);
  }

  @Test
  void trafficIsSharedByWeight() {
    town.add(virtualService("default/reviews", "reviews").http(split("reviews/v1", 90, "reviews/v2", 10)));
    assertThat(town.from(productpage, get("reviews:9080", "/reviews/0")).shares())
        .isEqualTo(Map.of(outbound("v1", REVIEWS), 90, outbound("v2", REVIEWS), 10));
    assertThat(Read.endpoints(town.snapshot(productpage), outbound("v2", REVIEWS)))
        .containsExactly("127.0.0.14:9080");
  }

  @Test
  void jasonSeesV2AndAllOthersV3() {
    town.add(
        virtualService("default/reviews", "reviews")
            .http(to("reviews/v2").when(Match.any().header("end-user", new TextMatch.Exact("jason"))))
            .http(to("reviews/v3")));
    assertThat(town.from(productpage, get("reviews:9080", "/").with("end-user", "jason")).cluster())
        .isEqualTo(outbound("v2", REVIEWS));
    assertThat(town.from(productpage, get("reviews:9080", "/").with("end-user", "jasons")).cluster())
        .isEqualTo(outbound("v3", REVIEWS));
    assertThat(town.from(productpage, get("reviews:9080", "/")).cluster())
        .isEqualTo(outbound("v3", REVIEWS));
  }

  @Test
  void ratingsAreDelayedOrAbortedForJasonAlone() {
    town.add(
        virtualService("default/ratings", "ratings")
            .http(
                to("ratings/v1")
                    .when(Match.any().header("end-user", new TextMatch.Exact("jason")))
                    .delay(Duration.ofSeconds(7), 100))
            .http(to("ratings/v1")));
    var jason = town.from(reviews, get("ratings:9080", "/ratings/0").with("end-user", "jason"));
    assertThat(jason.fault().getDelay().getFixedDelay().getSeconds()).isEqualTo(7);
    assertThat(jason.fault().getDelay().getPercentage().getNumerator()).isEqualTo(1_000_000);
    assertThat(town.from(reviews, get("ratings:9080", "/ratings/0")).there().getTypedPerFilterConfigCount())
        .isZero();
  }

  @Test
  void theGatewayOpensThePagesOfBookinfoAndNoOthers() {
    town.gateway("default/bookinfo-gateway", 8080, "*")
        .add(
            virtualService("default/bookinfo", "*")
                .gateways("default/bookinfo-gateway")
                .http(
                    to("productpage:9080")
                        .when(Match.exact("/productpage"))
                        .when(Match.prefix("/static"))
                        .when(Match.prefix("/api/v1/products"))));
    String page = outbound("", "productpage.default.svc.cluster.local");
    assertThat(town.atGateway(8080, get("127.0.0.10:8080", "/productpage")).cluster()).isEqualTo(page);
    assertThat(town.atGateway(8080, get("any.host", "/static/x.css?v=1")).cluster()).isEqualTo(page);
    assertThat(town.atGateway(8080, get("any.host", "/productpage2")).status()).isEqualTo(404);
    var manager = Read.manager(town.snapshot(Town.ingress()), "127.0.0.10_8080");
    assertThat(manager.getRds().getRouteConfigName()).isEqualTo("http.8080");
    assertThat(manager.getUseRemoteAddress().getValue()).isTrue();
  }

  @Test
  void aSidecarListensForItsApplicationAndBeforeIt() {
    var snapshot = town.snapshot(reviews);
    assertThat(snapshot.of(ResourceType.LDS)).containsOnlyKeys("127.0.0.14_15002", "127.0.0.14_9080");
    var inbound = Read.manager(snapshot, "127.0.0.14_9080");
    assertThat(inbound.getHttpFiltersList())
        .extracting(filter -> filter.getName())
        .containsExactly("dev.tenon.policy", "envoy.filters.http.fault", "envoy.filters.http.router");
    String cluster = "inbound|9080||" + REVIEWS;
    assertThat(inbound.getRouteConfig().getVirtualHosts(0).getRoutes(0).getRoute().getCluster())
        .isEqualTo(cluster);
    assertThat(Read.endpoints(Read.cluster(snapshot, cluster).getLoadAssignment()))
        .containsExactly("127.0.0.14:8080");
    assertThat(Read.cluster(snapshot, outbound("", REVIEWS)).getUpstreamBindConfig().getSourceAddress().getAddress())
        .isEqualTo("127.0.0.14");
  }
}
