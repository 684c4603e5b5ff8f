package dev.tenon.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.proxy.compile.ClusterSpec;
import dev.tenon.proxy.compile.ClusterSpec.LoadBalancing;
import dev.tenon.proxy.compile.EndpointSpec;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.plug.Plugs;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import io.netty.channel.DefaultEventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Given these endpoints, who is called how often. */
class ClusterTest {
  private final DefaultEventLoop executor = new DefaultEventLoop();
  private final LoopState loop = new LoopState(executor, 0);

  @AfterEach
  void stop() {
    executor.shutdownGracefully();
  }

  private static EndpointSpec endpoint(int port, int weight, Health health) {
    return new EndpointSpec(new InetSocketAddress("127.0.0.1", port), weight, health);
  }

  /** A cluster made by hand asks for no connections, so it needs no ports. */
  @SuppressWarnings("NullAway")
  private Cluster cluster(LoadBalancing balancing, EndpointSpec... endpoints) {
    ClusterSpec spec = ClusterSpec.of("c", balancing, Arrays.asList(endpoints));
    return new Cluster(spec, loop, new Connector(null, executor), new Usage(), new Plugged(Plugs.none().balancers(), Locality.NONE));
  }

  private static Map<Integer, Integer> picks(Cluster cluster, int count) {
    Map<Integer, Integer> seen = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      seen.merge(port(cluster), 1, Integer::sum);
    }
    return seen;
  }

  private static int port(Cluster cluster) {
    return Objects.requireNonNull(cluster.next()).spec().address().getPort();
  }

  @Test
  void roundRobinGivesEachItsTurn() {
    Cluster cluster =
        cluster(LoadBalancing.ROUND_ROBIN, endpoint(1, 1, Health.HEALTHY), endpoint(2, 1, Health.HEALTHY), endpoint(3, 1, Health.HEALTHY));
    assertThat(picks(cluster, 300)).isEqualTo(Map.of(1, 100, 2, 100, 3, 100));
  }

  @Test
  void weightsHoldExactlyAndAreSpreadEvenly() {
    Cluster cluster = cluster(LoadBalancing.ROUND_ROBIN, endpoint(1, 1, Health.HEALTHY), endpoint(2, 4, Health.HEALTHY));
    assertThat(picks(cluster, 500)).isEqualTo(Map.of(1, 100, 2, 400));
    List<Integer> ten = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ten.add(port(cluster));
    }
    assertThat(ten).filteredOn(port -> port == 1).hasSize(2);
  }

  @Test
  void whoIsUnwellOrDrainingIsLeftOut() {
    Cluster cluster =
        cluster(LoadBalancing.RANDOM, endpoint(1, 1, Health.HEALTHY), endpoint(2, 1, Health.HEALTHY), endpoint(3, 1, Health.UNHEALTHY), endpoint(4, 1, Health.DRAINING));
    assertThat(picks(cluster, 400)).containsOnlyKeys(1, 2);
  }

  @Test
  void whenTooFewAreWellAllAreCalled() {
    Cluster cluster =
        cluster(LoadBalancing.ROUND_ROBIN, endpoint(1, 1, Health.HEALTHY), endpoint(2, 1, Health.UNHEALTHY), endpoint(3, 1, Health.UNHEALTHY));
    assertThat(picks(cluster, 30)).isEqualTo(Map.of(1, 10, 2, 10, 3, 10));
  }

  /** As the control plane sets it: the last healthy one is enough, and when it fails all are called and counted. */
  @Test
  void theLastOneOfAClusterIsNeverTakenOut() {
    Cluster cluster = cluster(LoadBalancing.ROUND_ROBIN, endpoint(1, 1, Health.HEALTHY), endpoint(2, 1, Health.UNHEALTHY));
    ClusterSpec all = cluster.spec();
    ClusterSpec percent =
        new ClusterSpec(all.name(), all.balancing(), all.plug(), all.connectTimeout(), all.limits(), all.source(), 1, all.endpoints());
    cluster.adopt(percent);
    assertThat(picks(cluster, 10)).isEqualTo(Map.of(1, 10));
    assertThat(cluster.counters().healthyPanic).isZero();
    cluster.adopt(percent.with(List.of(endpoint(1, 1, Health.UNHEALTHY), endpoint(2, 1, Health.UNHEALTHY))));
    assertThat(picks(cluster, 10)).isEqualTo(Map.of(1, 5, 2, 5));
    assertThat(cluster.counters().healthyPanic).isEqualTo(10);
  }

  @Test
  void leastRequestShunsWhoIsBusy() {
    Cluster cluster = cluster(LoadBalancing.LEAST_REQUEST, endpoint(1, 1, Health.HEALTHY), endpoint(2, 1, Health.HEALTHY));
    Host busy = Objects.requireNonNull(cluster.next());
    for (int i = 0; i < 10; i++) {
      busy.began();
    }
    // It is picked only when both throws name it: one in four.
    assertThat(picks(cluster, 1000).get(busy.spec().address().getPort())).isBetween(150, 350);
  }

  @Test
  void nobodyIsNobody() {
    assertThat(cluster(LoadBalancing.RANDOM).next()).isNull();
  }

  @Test
  void endpointsThatStayKeepWhatIsKnownOfThem() {
    Cluster cluster = cluster(LoadBalancing.ROUND_ROBIN, endpoint(1, 1, Health.HEALTHY));
    Host before = Objects.requireNonNull(cluster.next());
    cluster.adopt(cluster.spec().with(List.of(endpoint(2, 1, Health.HEALTHY), endpoint(1, 3, Health.HEALTHY))));
    assertThat(picks(cluster, 40)).isEqualTo(Map.of(1, 30, 2, 10));
    Host again = Objects.requireNonNull(cluster.next());
    assertThat(again.spec().address().getPort() == 1 ? again : Objects.requireNonNull(cluster.next())).isSameAs(before);
  }
}
