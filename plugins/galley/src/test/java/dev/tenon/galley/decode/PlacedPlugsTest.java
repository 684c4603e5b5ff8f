package dev.tenon.galley.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.galley.Samples;
import dev.tenon.spi.rules.DestinationRule;
import dev.tenon.spi.rules.DestinationRule.Balancer;
import dev.tenon.spi.rules.FilterRule;
import dev.tenon.spi.rules.FilterRule.Mode;
import dev.tenon.spi.rules.FilterRule.Phase;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where plug-ins are asked for: request filters by a kind of their own, balancers by annotations. */
class PlacedPlugsTest {
  private static Object rule(String yaml) {
    assertThat(Samples.errors("f.yaml", yaml)).isEmpty();
    Outcome outcome = Samples.decode("f.yaml", yaml).getFirst();
    return ((Outcome.Good) outcome).decoded().rule();
  }

  @Test
  void aFilterIsPlacedAsWritten() {
    FilterRule filter =
        (FilterRule)
            rule(
                """
                apiVersion: extensions.tenon.dev/v1alpha1
                kind: RequestFilter
                metadata: {name: tag, namespace: shop}
                spec:
                  selector: {matchLabels: {app: details}}
                  mode: CLIENT_AND_SERVER
                  phase: AUTHN
                  priority: 7
                  plugin: header-tag
                  config: {header: x-tag, depth: {of: [1, 2]}}
                  onFailure: open
                """);
    assertThat(filter.meta().key()).isEqualTo("shop/tag");
    assertThat(filter.selector()).isEqualTo(Map.of("app", "details"));
    assertThat(filter.mode()).isEqualTo(Mode.CLIENT_AND_SERVER);
    assertThat(filter.phase()).isEqualTo(Phase.AUTHN);
    assertThat(filter.priority()).isEqualTo(7);
    assertThat(filter.plugin()).isEqualTo("header-tag");
    assertThat(filter.config().entries()).containsOnlyKeys("header", "depth");
    assertThat(filter.config().entries().firstEntry().getValue().at()).hasToString("f.yaml:10:20");
    assertThat(filter.failOpen()).isTrue();
  }

  @Test
  void aFilterOfWhichLittleIsSaidIsClosedAndLastAndForWhatComesIn() {
    FilterRule filter =
        (FilterRule)
            rule(
                """
                apiVersion: extensions.tenon.dev/v1alpha1
                kind: RequestFilter
                metadata: {name: tag}
                spec: {plugin: header-tag}
                """);
    assertThat(filter.selector()).isEmpty();
    assertThat(filter.mode()).isEqualTo(Mode.SERVER);
    assertThat(filter.phase()).isEqualTo(Phase.UNSPECIFIED_PHASE);
    assertThat(filter.failOpen()).isFalse();
    assertThat(filter.config().entries()).isEmpty();
  }

  @Test
  void annotationsNameABalancerForARuleAndItsSubsets() {
    DestinationRule rule =
        (DestinationRule)
            rule(
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata:
                  name: reviews
                  annotations:
                    traffic.tenon.dev/balancer: sticky
                    traffic.tenon.dev/balancer-config: |
                      header: x-user
                      replicas: 64
                spec:
                  host: reviews
                  trafficPolicy: {loadBalancer: {simple: RANDOM}}
                  subsets: [{name: v1, labels: {version: v1}}]
                """);
    var plug = rule.policy().plug().orElseThrow();
    assertThat(plug.name()).isEqualTo("sticky");
    assertThat(plug.config().entries()).containsOnlyKeys("header", "replicas");
    assertThat(plug.config().entries().lastEntry().getValue().at()).hasToString("f.yaml:7:40");
    assertThat(rule.policy().balancer()).isEqualTo(Balancer.RANDOM);
    assertThat(rule.subsets().getFirst().policy().plug()).contains(plug);
  }
}
