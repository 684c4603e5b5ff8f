package dev.tenon.pilot.scope;

import static dev.tenon.pilot.support.Call.get;
import static dev.tenon.pilot.support.Rule.answer;
import static dev.tenon.pilot.support.Rule.to;
import static dev.tenon.pilot.support.Rule.virtualService;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.pilot.support.Rule.Match;
import dev.tenon.pilot.support.Town;
import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.rules.Gateway;
import dev.tenon.spi.rules.Meta;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a gateway opens, for whom, and where it leads. */
class GatewaysTest {
  private final Town town = Town.bookinfo();

  @Test
  void onlyTheWorkloadsThatAGatewaySelectsOpenIt() {
    town.gateway("default/web", 8080, "*")
        .add(
            new Gateway(
                new Meta("default", "egress", Position.of("test")),
                Map.of("istio", "egressgateway"),
                List.of(new Gateway.Server(8081, "http", Protocol.HTTP, "", List.of("*")))));
    assertThat(town.snapshot(Town.ingress()).of(ResourceType.LDS)).containsOnlyKeys("127.0.0.10_8080");
    assertThat(town.snapshot(Town.sidecar("reviews-v1", "127.0.0.13")).of(ResourceType.LDS))
        .doesNotContainKey("127.0.0.10_8080");
  }

  @Test
  void aGatewayWithoutRulesKnowsNoPath() {
    town.gateway("default/web", 8080, "*");
    assertThat(town.atGateway(8080, get("any", "/")).status()).isEqualTo(404);
  }

  @Test
  void rulesForOneHostAreTakenTogetherAndWhatTakesAllComesLast() {
    town.gateway("default/web", 8080, "shop.example")
        .add(
            virtualService("default/a", "shop.example")
                .gateways("default/web")
                .http(to("reviews").when(Match.prefix("/reviews")))
                .http(to("productpage:9080")))
        .add(
            virtualService("default/b", "shop.example")
                .gateways("web")
                .http(to("details:9080").when(Match.prefix("/details"))));
    assertThat(town.atGateway(8080, get("shop.example", "/details/1")).cluster()).contains("details");
    assertThat(town.atGateway(8080, get("shop.example:8080", "/reviews/1")).cluster()).contains("reviews");
    assertThat(town.atGateway(8080, get("shop.example", "/")).cluster()).contains("productpage");
    assertThat(town.atGateway(8080, get("other.example", "/")).status()).isEqualTo(404);
  }

  @Test
  void aHostMustBeAdmittedByTheGatewayAndIsNarrowedToWhatIs() {
    town.gateway("default/web", 8080, "*.example", "default/only.test")
        .add(virtualService("default/all", "*").gateways("default/web").http(answer(201, "")))
        .add(virtualService("default/one", "a.example").gateways("default/web").http(answer(202, "")))
        .add(virtualService("default/no", "b.other").gateways("default/web").http(answer(203, "")))
        .add(virtualService("foreign/x", "only.test").gateways("default/web").http(answer(204, "")));
    assertThat(town.atGateway(8080, get("a.example", "/")).status()).isEqualTo(202);
    assertThat(town.atGateway(8080, get("c.example", "/")).status()).isEqualTo(201);
    assertThat(town.atGateway(8080, get("b.other", "/")).status()).isEqualTo(404);
    assertThat(town.atGateway(8080, get("only.test", "/")).status()).isEqualTo(201);
  }

  @Test
  void aRuleForTheMeshAloneIsNotTakenAtTheGateway() {
    town.gateway("default/web", 8080, "*")
        .add(virtualService("default/mesh", "*").http(answer(201, "")))
        .add(
            virtualService("default/both", "shop.example")
                .gateways("default/web", "mesh")
                .http(answer(202, "").when(Match.any().gateways("mesh")))
                .http(answer(203, "").when(Match.any().gateways("default/web"))));
    assertThat(town.atGateway(8080, get("any.example", "/")).status()).isEqualTo(404);
    assertThat(town.atGateway(8080, get("shop.example", "/")).status()).isEqualTo(203);
    assertThat(town.from(Town.sidecar("reviews-v1", "127.0.0.13"), get("shop.example", "/")).status())
        .isEqualTo(202);
  }

  @Test
  void gatewaysOnOnePortShareIt() {
    town.gateway("default/a", 8080, "a.example")
        .gateway("default/b", 8080, "b.example")
        .add(virtualService("default/a", "a.example").gateways("default/a").http(answer(201, "")))
        .add(virtualService("default/b", "b.example").gateways("default/b").http(answer(202, "")));
    assertThat(town.snapshot(Town.ingress()).of(ResourceType.LDS)).hasSize(1);
    assertThat(town.atGateway(8080, get("a.example", "/")).status()).isEqualTo(201);
    assertThat(town.atGateway(8080, get("b.example", "/")).status()).isEqualTo(202);
  }
}
