package dev.tenon.pilot.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.pilot.support.Read;
import dev.tenon.pilot.support.Town;
import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.wire.policy.v1.Policy;
import dev.tenon.wire.policy.v1.PolicyFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What stands before an application: its inbound listener, and policy. */
class InboundTest {
  private static final Position AT = new Position("policy.yaml", 3, 5);
  private final Town town = Town.bookinfo();
  private final Proxy tenon = Town.sidecar("reviews-v1", "127.0.0.13");

  private static PolicyRules policy(String namespace, boolean open) {
    Node.Mapping params =
        new Node.Mapping(new LinkedHashMap<>(Map.of("status", new Node.Text("no", AT))), AT);
    return new PolicyRules(
        namespace,
        List.of(new PolicyRules.Handler(new Meta(namespace, "denier", AT), "denier", params)),
        List.of(),
        List.of(
            new PolicyRules.Rule(
                new Meta(namespace, "deny", AT),
                "true",
                AT,
                List.of(new PolicyRules.Action("denier", List.of("check"))),
                open)));
  }

  private PolicyFilter filter() {
    var manager = Read.manager(town.snapshot(tenon), "127.0.0.13_9080");
    assertThat(manager.getHttpFilters(0).getName()).isEqualTo("dev.tenon.policy");
    return Read.unpack(manager.getHttpFilters(0).getTypedConfig(), PolicyFilter.class);
  }

  @Test
  void aTenonSidecarJudgesByItsOwnNamespaceAndTheRoot() {
    assertThat(filter().getNamespacesList()).containsExactly("default");
    assertThat(filter().getAttributesMap())
        .containsEntry("destination.service.host", "reviews.default.svc.cluster.local");
    town.add(policy("istio-system", false)).add(policy("default", true)).add(policy("other", false));
    assertThat(filter().getNamespacesList()).containsExactly("istio-system", "default");
    var policies = town.snapshot(tenon).of(ResourceType.POLICY);
    assertThat(policies).containsOnlyKeys("istio-system", "default");
    Policy policy = Read.unpack(policies.values().iterator().next().body(), Policy.class);
    assertThat(policy.getHandlers(0).getParams().getFieldsOrThrow("status").getStringValue()).isEqualTo("no");
    assertThat(policy.getRules(0).getOrigin()).isEqualTo("policy.yaml:3:5");
  }

  @Test
  void theEmptyPolicyOfItsOwnNamespaceExists() {
    assertThat(town.snapshot(tenon).of(ResourceType.POLICY)).containsOnlyKeys("default");
  }

  @Test
  void inboundListenersComeWithTheRegistrationAndAreForHttpWithASidecar() {
    Proxy late = Town.sidecar("late-v1", "127.0.0.40");
    assertThat(town.snapshot(late).of(ResourceType.LDS)).containsOnlyKeys("127.0.0.40_15002");
    ServiceName service = new ServiceName("late", "default");
    town.add(
        "vm",
        new Workload(
            "late-v1",
            "default",
            "",
            "127.0.0.40",
            Map.of(),
            Locality.NONE,
            "default",
            List.of(
                new WorkloadPort(service, 80, Protocol.HTTP, 8080, "127.0.0.40:9000"),
                new WorkloadPort(service, 81, Protocol.HTTP, 8081, ""),
                new WorkloadPort(service, 82, Protocol.TCP, 8082, "127.0.0.40:9002"))));
    assertThat(town.snapshot(late).of(ResourceType.LDS))
        .containsOnlyKeys("127.0.0.40_15002", "127.0.0.40_8080");
  }
}
