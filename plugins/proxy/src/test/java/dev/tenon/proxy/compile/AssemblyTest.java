package dev.tenon.proxy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tenon.proxy.plug.Plugs;
import dev.tenon.proxy.subscribe.Kind;
import dev.tenon.proxy.subscribe.Rejection;
import dev.tenon.proxy.subscribe.Resource;
import dev.tenon.spi.model.Belonging;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What may be used when, in whatever order resources come. */
class AssemblyTest {
  private Instant now = Instant.EPOCH;
  private final Assembly assembly = new Assembly(() -> now, Plugs.none());
  private int version;

  @Test
  void aClusterIsUsedOnceItsEndpointsAreThere() {
    send(Kind.CLUSTERS, eds("a"));

    assertThat(assembly.wanted(Kind.ENDPOINTS)).containsExactly("a");
    assertThat(assembly.table().clusters()).isEmpty();

    send(Kind.ENDPOINTS, endpoints("a", 1));

    assertThat(assembly.table().clusters()).containsOnlyKeys("a");
  }

  @Test
  void aClusterThatChangesServesAsItWasUntilItsNewEndpointsAreThere() {
    send(Kind.CLUSTERS, eds("a"));
    send(Kind.ENDPOINTS, endpoints("a", 1));
    ClusterSpec before = of(assembly.table().clusters(), "a");

    send(Kind.CLUSTERS, parse("name: 'a' type: EDS lb_policy: RANDOM eds_cluster_config { service_name: 'b' eds_config { ads {} } }"));

    assertThat(assembly.wanted(Kind.ENDPOINTS)).containsExactly("b");
    assertThat(of(assembly.table().clusters(), "a")).isSameAs(before);

    send(Kind.ENDPOINTS, endpoints("b", 2));

    assertThat(of(assembly.table().clusters(), "a").balancing()).isEqualTo(ClusterSpec.LoadBalancing.RANDOM);
  }

  @Test
  void aListenerGoesLiveWhenItsRoutesAreThereAndRoutesWhenTheirClustersAre() {
    send(Kind.LISTENERS, listener("l", "r"));
    assertThat(assembly.wanted(Kind.ROUTES)).containsExactly("r");
    send(Kind.CLUSTERS, eds("a"));
    send(Kind.ROUTES, table("r", "a"));

    assertThat(assembly.table()).isEqualTo(Table.EMPTY);
    assertThat(assembly.complete()).isFalse();

    send(Kind.ENDPOINTS, endpoints("a", 1));

    assertThat(assembly.table().listeners()).containsOnlyKeys("l");
    assertThat(assembly.table().routes()).containsOnlyKeys("r");
    assertThat(assembly.complete()).isTrue();
  }

  @Test
  void newRoutesWaitForNewClustersWhileTheOldOnesServe() {
    serving("a");
    RouteTable before = assembly.table().routes().get("r");

    send(Kind.CLUSTERS, eds("b"));
    send(Kind.ROUTES, table("r", "b"));
    assertThat(assembly.table().routes().get("r")).isSameAs(before);

    send(Kind.ENDPOINTS, endpoints("b", 2));
    assertThat(References.clusters(assembly.table().routes().values())).containsExactly("b");
  }

  @Test
  void routesToAClusterThatNobodyKnowsDoNotWait() {
    serving("a");
    send(Kind.ROUTES, table("r", "nowhere"));

    assertThat(References.clusters(assembly.table().routes().values())).containsExactly("nowhere");
  }

  @Test
  void aRemovedClusterStaysWhileRoutesLeadToItButNotForEver() {
    serving("a");

    remove(Kind.CLUSTERS, "a");
    assertThat(assembly.table().clusters()).containsOnlyKeys("a");
    assertThat(assembly.versions(Kind.CLUSTERS)).isEmpty();

    now = now.plus(WarmClusters.GRACE).plusMillis(1);
    assembly.tick();
    assertThat(assembly.table().clusters()).isEmpty();
    assertThat(assembly.waits()).isFalse();
  }

  @Test
  void aRemovedClusterGoesWithTheLastRouteThatLedToIt() {
    serving("a");
    remove(Kind.CLUSTERS, "a");
    send(Kind.ROUTES, table("r", "b"));

    assertThat(assembly.table().clusters()).isEmpty();
  }

  @Test
  void endpointsThatNeverComeAreWaitedForOnlySoLong() {
    send(Kind.LISTENERS, listener("l", "r"));
    send(Kind.CLUSTERS, eds("a"));
    send(Kind.ROUTES, table("r", "a"));
    assertThat(assembly.waits()).isTrue();

    now = now.plus(WarmClusters.PATIENCE);

    assertThat(assembly.tick()).containsExactly("a");
    assertThat(assembly.complete()).isTrue();
    assertThat(of(assembly.table().clusters(), "a").endpoints()).isEmpty();

    send(Kind.ENDPOINTS, endpoints("a", 1));
    assertThat(of(assembly.table().clusters(), "a").endpoints()).hasSize(1);
  }

  @Test
  void endpointsThatTheServerSaysDoNotExistAreNone() {
    send(Kind.CLUSTERS, eds("a"));
    remove(Kind.ENDPOINTS, "a");

    assertThat(of(assembly.table().clusters(), "a").endpoints()).isEmpty();
  }

  @Test
  void aChangeTouchesNothingElse() {
    serving("a", "b", "c");
    Table before = assembly.table();

    send(Kind.ENDPOINTS, endpoints("b", 7));

    Table after = assembly.table();
    assertThat(after.listeners()).isSameAs(before.listeners());
    assertThat(after.routes()).isSameAs(before.routes());
    assertThat(after.workloads()).isSameAs(before.workloads());
    assertThat(after.clusters().get("a")).isSameAs(before.clusters().get("a"));
    assertThat(after.clusters().get("b")).isNotEqualTo(before.clusters().get("b"));
  }

  @Test
  void whatComesAgainUnchangedKeepsItsObject() {
    serving("a");
    Table before = assembly.table();

    send(Kind.CLUSTERS, eds("a"));
    send(Kind.ENDPOINTS, endpoints("a", 1));
    send(Kind.ROUTES, table("r", "a"));
    send(Kind.LISTENERS, listener("l", "r"));

    assertThat(assembly.tableChanged()).isFalse();
    assertThat(assembly.table().clusters()).isSameAs(before.clusters());
    assertThat(assembly.versions(Kind.CLUSTERS)).isEqualTo(Map.of("a", "v5"));
  }

  @Test
  void aRefusedResourceLeavesTheOldOneInForceAndTheOthersOfItsResponseAreTaken() {
    serving("a");
    ClusterSpec before = of(assembly.table().clusters(), "a");

    List<Rejection> rejections =
        send(
            Kind.CLUSTERS,
            parse("name: 'a' type: STATIC lb_policy: MAGLEV"),
            parse("name: 'b' type: STATIC"),
            parse("name: 'c' type: ORIGINAL_DST"));

    assertThat(rejections).extracting(Rejection::name).containsExactly("a", "c");
    assertThat(rejections.getFirst().path()).isEqualTo("lb_policy");
    assertThat(assembly.table().clusters()).containsOnlyKeys("a", "b");
    assertThat(of(assembly.table().clusters(), "a")).isSameAs(before);
    assertThat(assembly.versions(Kind.CLUSTERS)).containsEntry("a", "v1");
  }

  @Test
  void aResourceMustBeCalledWhatItCallsItself() {
    List<Rejection> rejections =
        assembly.receive(
            Kind.CLUSTERS, List.of(new Resource("x", "1", parse("name: 'a' type: STATIC").toByteString())), List.of());

    assertThat(rejections).containsExactly(new Rejection("x", "name", "the resource calls itself a"));
  }

  @Test
  void aTimeToLiveIsNotPromised() {
    List<Rejection> rejections =
        assembly.receive(
            Kind.CLUSTERS,
            List.of(new Resource("a", "1", parse("name: 'a' type: STATIC").toByteString(), true)),
            List.of());

    assertThat(rejections).extracting(Rejection::path).containsExactly("ttl");
  }

  @Test
  void aListenerThatChangesItsTableServesTheOldOneMeanwhile() {
    serving("a");
    send(Kind.LISTENERS, listener("l", "s"));

    assertThat(assembly.wanted(Kind.ROUTES)).containsExactlyInAnyOrder("r", "s");
    assertThat(of(assembly.table().listeners(), "l").http().routes()).isEqualTo(new RouteSource.Named("r"));

    send(Kind.ROUTES, table("s", "a"));

    assertThat(assembly.wanted(Kind.ROUTES)).containsExactly("s");
    assertThat(assembly.table().routes()).containsOnlyKeys("s");
    assertThat(of(assembly.table().listeners(), "l").http().routes()).isEqualTo(new RouteSource.Named("s"));
  }

  @Test
  void workloadsAreFoundByNetworkAndAddress() {
    send(
        Kind.WORKLOADS,
        dev.tenon.wire.workload.v1.Workload.newBuilder()
            .setName("reviews-v1").setNamespace("default").setAddress("127.0.0.13").putLabels("app", "reviews")
            .setOwner("kubernetes://x/reviews").setHost("192.0.2.1").build());

    assertThat(of(assembly.table().workloads(), "/127.0.0.13").labels()).isEqualTo(Map.of("app", "reviews"));
    assertThat(of(assembly.table().workloads(), "/127.0.0.13").belonging()).isEqualTo(new Belonging("kubernetes://x/reviews", "192.0.2.1"));

    remove(Kind.WORKLOADS, "/127.0.0.13");
    assertThat(assembly.table().workloads()).isEmpty();
  }

  private void serving(String... clusters) {
    send(Kind.CLUSTERS, Arrays.stream(clusters).map(AssemblyTest::eds).toArray(Message[]::new));
    send(
        Kind.ENDPOINTS,
        Arrays.stream(clusters).map(name -> endpoints(name, 1)).toArray(Message[]::new));
    send(Kind.LISTENERS, listener("l", "r"));
    send(Kind.ROUTES, table("r", clusters[0]));
    assertThat(assembly.complete()).isTrue();
    var _ = assembly.table();
  }

  private static <T> T of(Map<String, T> map, String name) {
    return Objects.requireNonNull(map.get(name));
  }

  private List<Rejection> send(Kind kind, Message... messages) {
    String now = "v" + ++version;
    return assembly.receive(
        kind,
        Arrays.stream(messages).map(each -> new Resource(nameOf(each), now, each.toByteString())).toList(),
        List.of());
  }

  private void remove(Kind kind, String name) {
    assertThat(assembly.receive(kind, List.of(), List.of(name))).isEmpty();
  }

  private static String nameOf(Message message) {
    if (message instanceof dev.tenon.wire.workload.v1.Workload workload) {
      return workload.getNetwork() + "/" + workload.getAddress();
    }
    var fields = message.getDescriptorForType();
    var name = fields.findFieldByName("name");
    return (String) message.getField(name == null ? fields.findFieldByName("cluster_name") : name);
  }

  private static Message parse(String cluster) {
    return Protos.cluster(cluster);
  }

  private static Message eds(String name) {
    return Protos.cluster("name: '" + name + "' type: EDS eds_cluster_config { eds_config { ads {} } }");
  }

  private static Message endpoints(String name, int port) {
    return Protos.assignment(
        "cluster_name: '" + name + "' endpoints { lb_endpoints { endpoint { address { socket_address {"
            + " address: '127.0.0.1' port_value: " + port + " } } } } }");
  }

  private static Message listener(String name, String table) {
    return Protos.listener(
        "name: '" + name + "' address { socket_address { address: '127.0.0.1' port_value: 1 } }"
            + " filter_chains { filters { typed_config {"
            + " [type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager] {"
            + " rds { route_config_name: '" + table + "' config_source { ads {} } }"
            + " http_filters { typed_config { [type.googleapis.com/envoy.extensions.filters.http.router.v3.Router] {} } }"
            + " } } } }");
  }

  private static Message table(String name, String cluster) {
    return Protos.table(
        "name: '" + name + "' virtual_hosts { name: 'h' domains: '*' routes { match { prefix: '/' }"
            + " route { cluster: '" + cluster + "' } } }");
  }

}
