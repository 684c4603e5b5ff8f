package dev.tenon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.proxy.compile.ClusterSpec;
import dev.tenon.proxy.compile.EndpointSpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteMatch;
import dev.tenon.proxy.plug.PlugSpec;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.traffic.Balancer;
import dev.tenon.spi.traffic.BalancerFactory;
import dev.tenon.spi.traffic.HostSet;
import dev.tenon.spi.traffic.PickRequest;
import dev.tenon.spi.traffic.Picker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plug-ins choose endpoints; where they cannot, the standard policy does and that is counted. */
class BalancersTest {
  private static final PlugSpec SPEC = new PlugSpec("chooser", Node.Mapping.empty(Position.of("test.yaml")));
  private final AtomicInteger closed = new AtomicInteger();
  private RawServer one;
  private RawServer two;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws IOException {
    one = RawServer.saying("one");
    two = RawServer.saying("two");
    proxy = new RunningProxy();
    proxy.plugs.balancers().want(SPEC);
    List<EndpointSpec> endpoints =
        List.of(
            new EndpointSpec(one.address(), 1, Health.HEALTHY, new Locality("there", "", ""), Map.of("version", "v1")),
            new EndpointSpec(two.address(), 3, Health.HEALTHY, RunningProxy.HERE, Map.of("version", "v2")));
    proxy
        .cluster(
            "both",
            spec ->
                new ClusterSpec(
                    spec.name(), spec.balancing(), Optional.of(SPEC), spec.connectTimeout(), spec.limits(),
                    spec.source(), spec.panicPercent(), endpoints))
        .route(Route.of(RouteMatch.ALL, RouteAction.Forward.to("both")))
        .start();
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    one.close();
    two.close();
  }

  private void install(BiFunction<HostSet, PickRequest, Integer> pick) {
    proxy.plugs.balancers().present(List.of(new Offer<>("jar", "1", new Chooser(pick))));
  }

  private final class Chooser implements BalancerFactory, Balancer {
    private final BiFunction<HostSet, PickRequest, Integer> pick;

    Chooser(BiFunction<HostSet, PickRequest, Integer> pick) {
      this.pick = pick;
    }

    @Override
    public String name() {
      return "chooser";
    }

    @Override
    public Balancer build(Fields config) {
      return this;
    }

    @Override
    public Picker picker(HostSet hosts) {
      return request -> pick.apply(hosts, request);
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private String get(String path, String... headers) throws IOException {
    try (RawClient client = proxy.client()) {
      return client.get(path, headers).as200();
    }
  }

  /** Enough answers for each host to have had its turn by its weight. */
  private List<String> eight() throws IOException {
    return List.of(get("/"), get("/"), get("/"), get("/"), get("/"), get("/"), get("/"), get("/"));
  }

  private String figures() throws IOException {
    try (RawClient admin = proxy.admin()) {
      return admin.get("/stats/prometheus").body();
    }
  }

  @Test
  void aBalancerChoosesByTheRequestAndByWhatItKnowsOfTheHosts() throws Exception {
    install(
        (hosts, request) -> {
          assertThat(hosts.cluster()).isEqualTo("both");
          assertThat(hosts.hosts().get(1).weight()).isEqualTo(3);
          assertThat(request.attempt()).isZero();
          assertThat(request.tried(0)).isFalse();
          assertThat(request.active(0)).isZero();
          for (int i = 0; i < 2; i++) {
            if (("" + request.header("x-version")).equals(hosts.hosts().get(i).labels().get("version"))) {
              return i;
            }
          }
          return request.path().equals("/here") && hosts.hosts().get(1).locality().equals(hosts.here()) ? 1 : Picker.NONE;
        });
    for (int i = 0; i < 3; i++) {
      assertThat(get("/", "x-version: v1")).isEqualTo("one");
      assertThat(get("/", "x-version: v2")).isEqualTo("two");
      assertThat(get("/here")).isEqualTo("two");
    }
    assertThat(get("/nowhere")).isEqualTo("status 503: no healthy upstream");
    assertThat(figures()).contains("envoy_cluster_balancer_fallbacks{envoy_cluster_name=\"both\"} 0\n");
  }

  @Test
  void theStandardPolicyStepsInForOneThatIsAbsentOrFails() throws Exception {
    assertThat(eight()).contains("one", "two");
    install((hosts, request) -> 7);
    assertThat(get("/")).isIn("one", "two");
    install((hosts, request) -> {
      throw new IllegalStateException("no idea");
    });
    assertThat(get("/")).isIn("one", "two");
    assertThat(figures()).contains("envoy_cluster_balancer_fallbacks{envoy_cluster_name=\"both\"} 10\n");
  }

  @Test
  void itComesAndGoesWhileRequestsRun() throws Exception {
    install((hosts, request) -> 0);
    assertThat(List.of(get("/"), get("/"), get("/"))).containsOnly("one");
    install((hosts, request) -> 1);
    assertThat(closed).hasValue(1);
    assertThat(List.of(get("/"), get("/"), get("/"))).containsOnly("two");
    proxy.plugs.balancers().present(List.of());
    assertThat(closed).hasValue(2);
    assertThat(eight()).contains("one", "two");
  }
}
