package dev.tenon.adapter.workloadenv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.AttributeGenerator;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.testkit.Unloading;
import dev.tenon.testkit.PluginJar;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadEnvTest {
  private static final InetAddress WEB = InetAddress.ofLiteral("10.0.0.7");
  private static final InetAddress NOBODY = InetAddress.ofLiteral("10.0.0.8");

  /** A mesh in which web lives at 10.0.0.7, and a request that came to it. */
  private record Seen(Map<String, Object> values) implements Attributes {
    @Override
    public @Nullable Object get(String attribute) {
      return values.get(attribute);
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      return null;
    }

    @Override
    public @Nullable Workload workload(InetAddress address) {
      return address.equals(WEB)
          ? new Workload("web", "shop", "", "10.0.0.7", Map.of("app", "web"), Locality.NONE, "web-account", List.of())
          : null;
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }

  private static Map<String, Object> outputs(Map<String, Object> values, Map<String, Object> request) {
    Fields none = Fields.of(Node.Mapping.empty(Position.of("handler.yaml")));
    return ((AttributeGenerator) new WorkloadEnv().build(none))
        .generate(new Instance("a.instance.b", Template.KUBERNETES, values, new Seen(request)));
  }

  @Test
  void saysWhoLivesAtAnAddress() {
    assertThat(outputs(Map.of("source_ip", WEB, "source_uid", ""), Map.of()))
        .isEqualTo(
            Map.of(
                "source_pod_uid", "kubernetes://web.shop", "source_pod_name", "web", "source_pod_ip", WEB,
                "source_namespace", "shop", "source_labels", Map.of("app", "web"),
                "source_service_account_name", "web-account", "source_workload_name", "web",
                "source_workload_namespace", "shop", "source_workload_uid", "istio://shop/workloads/web"));
  }

  @Test
  void looksAtTheRequestsOwnAddressWhereTheInstanceGivesNone() {
    assertThat(outputs(Map.of(), Map.of("destination.ip", WEB))).containsEntry("destination_pod_name", "web");
  }

  @Test
  void saysNothingOfAStranger() {
    assertThat(outputs(Map.of("source_ip", NOBODY), Map.of())).isEmpty();
  }

  @Test
  void kubernetesenvsParametersAreReadAndSaidToBeWithoutEffect() {
    Fields params =
        Fields.of(
            new Node.Mapping(
                new LinkedHashMap<>(Map.of("cacheRefreshDuration", new Node.Text("5m", Position.of("h.yaml")))),
                Position.of("h.yaml")));
    new KubernetesEnv().build(params).close();
    assertThat(params.close()).singleElement().asString().contains("warning").contains("without effect");
  }

  @Test
  void isTakenByAKernelAndUnloadedWithNothingLeft(@TempDir Path jars) throws Exception {
    Unloading.assertUnloads(
        PluginJar.of(Path.of("target/classes")).write(jars.resolve("workloadenv-1.0.jar")),
        List.of(),
        kernel -> assertThat(kernel.offered(dev.tenon.spi.policy.AdapterFactory.class)).hasSize(2));
  }
}
