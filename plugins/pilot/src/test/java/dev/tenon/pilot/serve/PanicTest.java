package dev.tenon.pilot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.pilot.join.Mesh;
import dev.tenon.pilot.scope.PolicyService;
import dev.tenon.pilot.support.Read;
import dev.tenon.pilot.support.Town;
import dev.tenon.pilot.translate.Panic;
import dev.tenon.pilot.translate.Resource;
import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.pilot.translate.Translator;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.wire.admin.v1.ServiceHealth;
import dev.tenon.wire.admin.v1.ServicesResponse;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a service's unhealthy endpoints are called, as operators are shown it. */
class PanicTest {
  @ParameterizedTest(name = "{0} of 3 healthy, threshold {1} %: {2}")
  @CsvSource({"1, 1, false", "0, 1, true", "0, 0, false", "1, 33, false", "1, 34, true", "2, 66, false", "2, 67, true", "3, 100, false"})
  void unhealthyEndpointsAreCalledBelowTheThresholdAndThatIsShown(int healthy, int threshold, boolean panics) {
    Mesh mesh = new Town().add("vm", Town.service("reviews.default",
        List.of(endpoint(1, healthy >= 1), endpoint(2, healthy >= 2), endpoint(3, healthy >= 3)), 9080)).mesh();
    Panic panic = new Panic(threshold);
    assertThat(Ailing.panicking(mesh, panic)).extracting(ServiceHealth::getHealthy, ServiceHealth::getEndpoints)
        .isEqualTo(panics ? List.of(org.assertj.core.groups.Tuple.tuple(healthy, 3)) : List.of());
    ServicesResponse shown = ServiceAnswer.of(mesh, "", panic);
    assertThat(shown.getPanicThreshold()).isEqualTo(threshold);
    assertThat(shown.getServices(0).getPanickingPortsList()).isEqualTo(panics ? List.of(9080) : List.of());
  }

  @Test
  void proxiesAreToldTheThreshold() throws Exception {
    Resource cluster = new Translator(PolicyService.USUAL, new Panic(40)).translate(Town.bookinfo().mesh(), Bench.PRODUCTPAGE)
        .of(ResourceType.CDS).get("outbound|9080||reviews.default.svc.cluster.local");
    assertThat(Read.unpack(Objects.requireNonNull(cluster).body(), Cluster.class).getCommonLbConfig().getHealthyPanicThreshold().getValue()).isEqualTo(40);
  }

  private static Endpoint endpoint(int number, boolean healthy) {
    return new Endpoint(9080, "127.0.0." + number, 9080, Map.of(), 1, healthy ? Health.HEALTHY : Health.UNHEALTHY, Locality.NONE, "");
  }
}
