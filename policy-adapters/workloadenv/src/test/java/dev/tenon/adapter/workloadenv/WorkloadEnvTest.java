package dev.tenon.adapter.workloadenv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.model.Belonging;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadEnvTest {
  private static final InetAddress WEB = InetAddress.ofLiteral("10.0.0.7");
  private static final InetAddress NOBODY = InetAddress.ofLiteral("10.0.0.8");
  private static final InetAddress CART = InetAddress.ofLiteral("10.0.0.9");
  private static final String CARTS = "kubernetes://apis/networking.istio.io/v1/namespaces/shop/workloadgroups/cart";

  /** A mesh in which web lives at 10.0.0.7, one of the carts at 10.0.0.9 on a machine of many, and a request that came to them. */
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
      if (address.equals(WEB)) {
        return new Workload("web", "shop", "", "10.0.0.7", Map.of("app", "web"), Locality.NONE, "web-account", List.of());
      }
      return address.equals(CART)
          ? new Workload("cart-7f9", "shop", "", "10.0.0.9", Map.of(), Locality.NONE, "default", List.of()).of(new Belonging(CARTS, "192.0.2.1"))
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
    Map<String, Object> web = new HashMap<>(
        Map.of(
            "source_pod_uid", "kubernetes://web.shop", "source_pod_name", "web", "source_pod_ip", WEB,
            "source_namespace", "shop", "source_labels", Map.of("app", "web"),
            "source_service_account_name", "web-account", "source_workload_name", "web",
            "source_workload_namespace", "shop", "source_workload_uid", "istio://shop/workloads/web"));
    web.put("source_owner", "kubernetes://apis/networking.istio.io/v1/namespaces/shop/workloadentries/web");
    web.put("source_host_ip", WEB);
    assertThat(outputs(Map.of("source_ip", WEB, "source_uid", ""), Map.of())).isEqualTo(web);
  }

  @Test
  void whatSomebodyOwnsHasItsOwnersNameAndItsMachinesAddress() {
    assertThat(outputs(Map.of("destination_ip", CART), Map.of()))
        .containsEntry("destination_pod_name", "cart-7f9")
        .containsEntry("destination_owner", CARTS)
        .containsEntry("destination_workload_name", "cart")
        .containsEntry("destination_workload_uid", "istio://shop/workloads/cart")
        .containsEntry("destination_pod_ip", CART)
        .containsEntry("destination_host_ip", InetAddress.ofLiteral("192.0.2.1"));
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
