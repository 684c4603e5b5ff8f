package dev.tenon.pilot.scope;

import static dev.tenon.pilot.support.Call.get;
import static dev.tenon.pilot.support.Rule.answer;
import static dev.tenon.pilot.support.Rule.to;
import static dev.tenon.pilot.support.Rule.virtualService;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.pilot.support.Town;
import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.model.Port;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.Service;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.rules.DestinationRule;
import dev.tenon.spi.rules.DestinationRule.Subset;
import dev.tenon.spi.rules.DestinationRule.TrafficPolicy;
import dev.tenon.spi.rules.Meta;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which names lead where, and for whom. */
class NamesTest {
  private final Town town = Town.bookinfo();
  private final Proxy near = Town.sidecar("productpage-v1", "127.0.0.11");
  private final Proxy far = Town.sidecar("client", "other", "127.0.0.30", true);

  @Test
  void aShortNameMeansTheCallersOwnNamespace() {
    assertThat(town.from(far, get("reviews:9080", "/")).status()).isEqualTo(502);
    assertThat(town.from(far, get("reviews.default:9080", "/")).shares()).hasSize(1);
    town.add("vm", Town.service("reviews.other", List.of(), 9080));
    assertThat(town.from(far, get("reviews:9080", "/")).cluster())
        .isEqualTo("outbound|9080||reviews.other.svc.cluster.local");
    assertThat(town.from(near, get("reviews:9080", "/")).cluster())
        .isEqualTo("outbound|9080||reviews.default.svc.cluster.local");
  }

  @Test
  void portEightyNeedNotBeSaid() {
    town.add("vm", Town.service("web.default", List.of(), 80, 8080));
    assertThat(town.from(near, get("web", "/")).cluster()).startsWith("outbound|80||web");
    assertThat(town.from(near, get("web.default:80", "/")).cluster()).startsWith("outbound|80||web");
    assertThat(town.from(near, get("web:8080", "/")).cluster()).startsWith("outbound|8080||web");
  }

  @Test
  void anAliasLeadsToItsServiceAndNeverTakesAnothersName() {
    town.add(
        "consul",
        new Service(
            new ServiceName("stock", "default"),
            List.of("stock.service.consul", "reviews.default.svc.cluster.local"),
            List.of(new Port(9080, "http", Protocol.HTTP)),
            Map.of(),
            List.of()));
    assertThat(town.from(near, get("stock.service.consul:9080", "/")).cluster())
        .isEqualTo("outbound|9080||stock.default.svc.cluster.local");
    assertThat(town.from(near, get("reviews.default.svc.cluster.local:9080", "/")).cluster())
        .isEqualTo("outbound|9080||reviews.default.svc.cluster.local");
    town.add(virtualService("default/stock", "stock.service.consul").http(answer(418, "")));
    assertThat(town.from(near, get("stock:9080", "/")).status()).isEqualTo(418);
  }

  @Test
  void noDomainStandsTwice() {
    town.add("vm", Town.service("web.default", List.of(), 80))
        .add(virtualService("default/a", "web", "*.default.svc.cluster.local", "unknown").http(to("web")))
        .add(virtualService("default/b", "web.default", "UNKNOWN.default").http(to("web")))
        .add(virtualService("default/c", "*").http(to("web")));
    List<String> domains =
        town.httpProxy(near).getVirtualHostsList().stream()
            .flatMap((VirtualHost host) -> host.getDomainsList().stream())
            .toList();
    assertThat(domains).doesNotHaveDuplicates().contains("*");
  }

  @Test
  void aRuleForAHostThatIsNoServiceMakesOneOfIt() {
    town.add(virtualService("default/virtual", "virtual.example").http(to("reviews:9080")));
    for (String authority : List.of("virtual.example", "virtual.example:80", "virtual.example:9080")) {
      assertThat(town.from(near, get(authority, "/")).cluster())
          .isEqualTo("outbound|9080||reviews.default.svc.cluster.local");
    }
  }

  @Test
  void theMostSpecificRuleGovernsAndAmongEqualsTheFirstByName() {
    town.add(virtualService("default/a", "*.default.svc.cluster.local").http(answer(401, "")))
        .add(virtualService("default/b", "*").http(answer(402, "")))
        .add(virtualService("default/d", "reviews").http(answer(403, "")))
        .add(virtualService("default/c", "reviews.default").http(answer(404, "")));
    assertThat(town.from(near, get("reviews:9080", "/")).status()).isEqualTo(404);
    assertThat(town.from(near, get("ratings:9080", "/")).status()).isEqualTo(401);
    assertThat(town.from(near, get("elsewhere.example", "/")).status()).isEqualTo(402);
  }

  @Test
  void aRuleGovernsAnothersServiceForItsOwnNamespaceAlone() {
    town.add(
        virtualService("other/mine", "reviews.default.svc.cluster.local").http(answer(418, "")));
    assertThat(town.from(far, get("reviews.default:9080", "/")).status()).isEqualTo(418);
    assertThat(town.from(near, get("reviews:9080", "/")).status()).isZero();
    town.add(virtualService("istio-system/all", "*.default.svc.cluster.local").http(answer(410, "")));
    assertThat(town.from(near, get("reviews:9080", "/")).status()).isEqualTo(410);
  }

  @Test
  void whatIsNotExportedIsNotSeen() {
    town.add(
        virtualService("default/reviews", "reviews").exportTo("default").http(answer(418, "")));
    assertThat(town.from(near, get("reviews:9080", "/")).status()).isEqualTo(418);
    assertThat(town.from(far, get("reviews.default:9080", "/")).status()).isZero();
    town.add(
        new DestinationRule(
            new Meta("default", "reviews", Position.of("test")),
            "reviews",
            TrafficPolicy.DEFAULT,
            List.of(new Subset("v1", Map.of("version", "v1"), TrafficPolicy.DEFAULT)),
            List.of("default")));
    String subset = "outbound|9080|v1|reviews.default.svc.cluster.local";
    assertThat(town.has(near, ResourceType.CDS, subset)).isTrue();
    assertThat(town.has(far, ResourceType.CDS, subset)).isFalse();
  }

  @Test
  void theCallersDestinationRulesComeBeforeTheServicesOwn() {
    town.versions("default/reviews", "reviews", "v1");
    town.versions("other/reviews", "reviews.default.svc.cluster.local", "v2");
    town.versions("istio-system/all", "*.default.svc.cluster.local", "v3");
    assertThat(town.has(near, ResourceType.CDS, "outbound|9080|v1|reviews.default.svc.cluster.local")).isTrue();
    assertThat(town.has(far, ResourceType.CDS, "outbound|9080|v2|reviews.default.svc.cluster.local")).isTrue();
    assertThat(town.has(far, ResourceType.CDS, "outbound|9080|v1|reviews.default.svc.cluster.local")).isFalse();
    assertThat(town.has(near, ResourceType.CDS, "outbound|9080|v3|ratings.default.svc.cluster.local")).isTrue();
  }

  @Test
  void aDestinationWithoutPortMeansTheOnlyOneOrTheRequestsOwn() {
    town.add("vm", Town.service("web.default", List.of(), 80))
        .add("vm", Town.service("many.default", List.of(), 80, 9080))
        .add(virtualService("default/reviews", "reviews").http(to("web")))
        .add(virtualService("default/ratings", "ratings").http(to("many")));
    assertThat(town.from(near, get("reviews:9080", "/")).cluster()).startsWith("outbound|80||web");
    assertThat(town.from(near, get("ratings:9080", "/")).cluster()).startsWith("outbound|9080||many");
  }
}
