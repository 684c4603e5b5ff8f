package dev.tenon.pilot.serve;

import static dev.tenon.pilot.serve.Bench.PRODUCTPAGE;
import static dev.tenon.pilot.support.Rule.to;
import static dev.tenon.pilot.support.Rule.virtualService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.pilot.support.DeltaClient;
import dev.tenon.pilot.support.Read;
import dev.tenon.pilot.support.Town;
import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The incremental protocol, spoken with a real client over a real connection. */
class DeltaTest {
  private static final String REVIEWS = "outbound|9080||reviews.default.svc.cluster.local";
  private static final String RATINGS = "outbound|9080||ratings.default.svc.cluster.local";
  private Bench bench;

  @BeforeEach
  void open() throws IOException {
    bench = new Bench();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** A client that has been told everything, and what of each type. */
  private record Settled(DeltaClient client, Map<ResourceType, Map<String, String>> has) {
    Map<String, String> versions(ResourceType type) {
      return has.getOrDefault(type, Map.of());
    }
  }

  private Settled settled() throws InterruptedException {
    DeltaClient client = bench.delta(PRODUCTPAGE);
    Map<ResourceType, Map<String, String>> has = new TreeMap<>();
    client.subscribe(ResourceType.CDS, "*");
    has.put(ResourceType.CDS, DeltaClient.versions(client.accept(ResourceType.CDS)));
    String[] clusters =
        has.getOrDefault(ResourceType.CDS, Map.of()).keySet().stream()
            .filter(name -> name.startsWith("outbound"))
            .toArray(String[]::new);
    client.subscribe(ResourceType.EDS, clusters);
    has.put(ResourceType.EDS, DeltaClient.versions(client.accept(ResourceType.EDS)));
    client.subscribe(ResourceType.LDS, "*");
    has.put(ResourceType.LDS, DeltaClient.versions(client.accept(ResourceType.LDS)));
    client.subscribe(ResourceType.RDS, "http_proxy");
    has.put(ResourceType.RDS, DeltaClient.versions(client.accept(ResourceType.RDS)));
    return new Settled(client, has);
  }

  /** Nothing is under way and nothing is due: both sides agree. */
  private void agreed(ResourceType type) {
    await()
        .atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(5))
        .untilAsserted(
            () -> {
              var standing = bench.standing(PRODUCTPAGE, type);
              assertThat(standing.getVersionAcknowledged()).isEqualTo(standing.getVersionSent()).isNotEmpty();
            });
  }

  @Test
  void aChangeIsSentOnceAndNothingElseWithIt() throws Exception {
    DeltaClient client = settled().client();
    bench.town.workload("ratings-v2", "127.0.0.17", "ratings", "v2");
    bench.tell();
    DeltaDiscoveryResponse answer = client.accept(ResourceType.EDS);
    assertThat(DeltaClient.names(answer)).containsExactly(RATINGS);
    assertThat(Read.endpoints(Read.unpack(DeltaClient.body(answer, 0), ClusterLoadAssignment.class)))
        .containsExactly("127.0.0.16:9080", "127.0.0.17:9080");
    agreed(ResourceType.EDS);
    assertThat(client.waiting()).isZero();
  }

  @Test
  void aClientThatComesBackWithWhatThereIsIsToldNothing() throws Exception {
    Settled before = settled();
    bench.replaceServer();
    DeltaClient client = bench.delta(PRODUCTPAGE);
    client.subscribe(ResourceType.CDS, before.versions(ResourceType.CDS), "*");
    client.subscribe(
        ResourceType.EDS,
        before.versions(ResourceType.EDS),
        before.versions(ResourceType.EDS).keySet().toArray(String[]::new));
    client.subscribe(ResourceType.LDS, before.versions(ResourceType.LDS), "*");
    client.subscribe(ResourceType.RDS, before.versions(ResourceType.RDS), "http_proxy");
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(bench.standing(PRODUCTPAGE, ResourceType.RDS)).isNotNull());
    for (ResourceType type : before.has().keySet()) {
      agreed(type);
    }
    assertThat(client.waiting()).isZero();
  }

  @Test
  void aClientThatComesBackIsToldWhatDiffersAndWhatIsNoMore() throws Exception {
    Map<String, String> had = new TreeMap<>(settled().versions(ResourceType.CDS));
    had.put(REVIEWS, "older");
    had.put("outbound|9080||gone.default.svc.cluster.local", "whatever");
    DeltaClient client = bench.delta(PRODUCTPAGE);
    client.subscribe(ResourceType.CDS, had, "*");
    DeltaDiscoveryResponse answer = client.accept(ResourceType.CDS);
    assertThat(DeltaClient.names(answer)).containsExactly(REVIEWS);
    assertThat(answer.getRemovedResourcesList())
        .containsExactly("outbound|9080||gone.default.svc.cluster.local");
  }

  @Test
  void aRefusedVersionIsSentOnceAndTheNextOneAgain() throws Exception {
    DeltaClient client = settled().client();
    bench.town.add(virtualService("default/reviews", "reviews").http(to("reviews/v1")));
    bench.tell();
    client.refuse(client.next(ResourceType.RDS), "http_proxy: no such thing");
    await()
        .atMost(Duration.ofSeconds(40)).untilAsserted(
            () ->
                assertThat(bench.standing(PRODUCTPAGE, ResourceType.RDS).getRefusal())
                    .contains("no such thing"));
    var standing = bench.standing(PRODUCTPAGE, ResourceType.RDS);
    assertThat(standing.getVersionAcknowledged()).isNotEqualTo(standing.getVersionSent());
    // Something else changes: the refused version is not sent with it.
    bench.town.workload("ratings-v2", "127.0.0.17", "ratings", "v2");
    bench.tell();
    client.accept(ResourceType.EDS);
    agreed(ResourceType.EDS);
    assertThat(client.waiting()).isZero();
    bench.town.add(virtualService("default/reviews", "reviews").http(to("reviews/v2")));
    bench.tell();
    client.accept(ResourceType.RDS);
    agreed(ResourceType.RDS);
    assertThat(bench.standing(PRODUCTPAGE, ResourceType.RDS).getRefusal()).isEmpty();
  }

  @Test
  void anAnswerToSomethingOlderMeansNothing() throws Exception {
    DeltaClient client = settled().client();
    bench.town.workload("ratings-v2", "127.0.0.17", "ratings", "v2");
    bench.tell();
    DeltaDiscoveryResponse answer = client.next(ResourceType.EDS);
    client.acknowledge(ResourceType.EDS, "77");
    bench.town.workload("ratings-v3", "127.0.0.18", "ratings", "v3");
    bench.tell();
    // Still under way: what is newer waits for the answer, and then is the newest alone.
    var standing = bench.standing(PRODUCTPAGE, ResourceType.EDS);
    assertThat(standing.getVersionAcknowledged()).isNotEqualTo(standing.getVersionSent());
    assertThat(client.waiting()).isZero();
    client.acknowledge(answer);
    assertThat(
            Read.endpoints(
                Read.unpack(
                    DeltaClient.body(client.accept(ResourceType.EDS), 0), ClusterLoadAssignment.class)))
        .hasSize(3);
  }

  @Test
  void clustersAndEndpointsComeBeforeTheRoutesThatLeadToThem() throws Exception {
    DeltaClient client = settled().client();
    bench.town.versions("default/reviews", "reviews", "v1");
    bench.town.add(virtualService("default/reviews", "reviews").http(to("reviews/v1")));
    bench.tell();
    String cluster = "outbound|9080|v1|reviews.default.svc.cluster.local";
    DeltaDiscoveryResponse clusters = client.next(ResourceType.CDS);
    assertThat(DeltaClient.names(clusters)).containsExactly(cluster);
    client.acknowledge(clusters);
    client.subscribe(ResourceType.EDS, cluster);
    assertThat(DeltaClient.names(client.accept(ResourceType.EDS))).containsExactly(cluster);
    client.accept(ResourceType.RDS);
    agreed(ResourceType.RDS);
  }

  @Test
  void aClusterIsTakenAwayAfterTheRoutesThatLedToIt() throws Exception {
    DeltaClient client = settled().client();
    bench.town.without("vm", new ServiceName("ratings", "default"));
    bench.tell();
    DeltaDiscoveryResponse routes = client.next(ResourceType.RDS);
    assertThat(client.waiting()).isZero();
    client.acknowledge(routes);
    DeltaDiscoveryResponse clusters = client.accept(ResourceType.CDS);
    assertThat(clusters.getRemovedResourcesList()).containsExactly(RATINGS);
    assertThat(clusters.getResourcesCount()).isZero();
  }

  @Test
  void routesDoNotWaitForeverForAClientThatAsksForNoEndpoints() throws Exception {
    try (Bench impatient = new Bench(new Limits(10, 100, 100, Duration.ofMillis(50), Duration.ZERO))) {
      DeltaClient client = impatient.delta(PRODUCTPAGE);
      client.subscribe(ResourceType.CDS, "*");
      client.accept(ResourceType.CDS);
      client.subscribe(ResourceType.RDS, "http_proxy");
      assertThat(DeltaClient.names(client.next(ResourceType.RDS))).containsExactly("http_proxy");
    }
  }

  @Test
  void aWorkloadThatHasLeftIsAnsweredForUntilItsCallersHaveHeardOfItAndThenItsListenersGo() throws Exception {
    Duration farewell = Duration.ofMillis(300);
    String inbound = "127.0.0.11_9080";
    try (Bench brief = new Bench(new Limits(10, 100, 100, Duration.ofMillis(20), farewell))) {
      DeltaClient client = brief.delta(PRODUCTPAGE);
      client.subscribe(ResourceType.LDS, "*");
      assertThat(DeltaClient.names(client.accept(ResourceType.LDS))).contains(inbound);
      Workload workload = Objects.requireNonNull(brief.town.mesh().workloads().get("default/productpage-v1"));
      brief.town.without("vm", workload.key());
      long left = System.nanoTime();
      brief.tell();
      DeltaDiscoveryResponse gone = client.accept(ResourceType.LDS);
      assertThat(gone.getRemovedResourcesList()).containsExactly(inbound);
      assertThat(gone.getResourcesCount()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - left)).isGreaterThanOrEqualTo(farewell);
      brief.town.add("vm", workload);
      brief.tell();
      assertThat(DeltaClient.names(client.accept(ResourceType.LDS))).containsExactly(inbound);
    }
  }

  @Test
  void aWorkloadThatComesBackInTimeKeepsItsListeners() throws Exception {
    DeltaClient client = bench.delta(PRODUCTPAGE);
    client.subscribe(ResourceType.LDS, "*");
    client.accept(ResourceType.LDS);
    Workload workload = Objects.requireNonNull(bench.town.mesh().workloads().get("default/productpage-v1"));
    bench.town.without("vm", workload.key());
    bench.tell();
    bench.town.add("vm", workload);
    bench.tell();
    assertThat(client.waiting()).isZero();
  }

  @Test
  void theEndpointsOfAClusterFollowItWheneverItChanges() throws Exception {
    DeltaClient client = settled().client();
    bench.town.add(Slow.destinationRule("default/reviews", "reviews"));
    bench.tell();
    assertThat(DeltaClient.names(client.accept(ResourceType.CDS))).containsExactly(REVIEWS);
    assertThat(DeltaClient.names(client.accept(ResourceType.EDS))).containsExactly(REVIEWS);
  }

  @Test
  void whoAsksForAClusterThatIsNoMoreIsToldThatNobodyAnswers() throws Exception {
    DeltaClient client = bench.delta(PRODUCTPAGE);
    client.subscribe(ResourceType.CDS, "*");
    DeltaDiscoveryResponse clusters = client.next(ResourceType.CDS);
    bench.town.without("vm", new ServiceName("ratings", "default"));
    bench.tell();
    client.subscribe(ResourceType.EDS, RATINGS);
    ClusterLoadAssignment assignment =
        Read.unpack(DeltaClient.body(client.accept(ResourceType.EDS), 0), ClusterLoadAssignment.class);
    assertThat(assignment.getEndpointsList()).isEmpty();
    client.acknowledge(clusters);
  }

  @Test
  void namesAreAddedDroppedAndAskedForAgain() throws Exception {
    DeltaClient client = bench.delta(PRODUCTPAGE);
    client.subscribe(ResourceType.EDS, REVIEWS, "outbound|1||nowhere");
    DeltaDiscoveryResponse first = client.accept(ResourceType.EDS);
    assertThat(DeltaClient.names(first)).containsExactly(REVIEWS);
    assertThat(first.getRemovedResourcesList()).containsExactly("outbound|1||nowhere");
    client.subscribe(ResourceType.EDS, RATINGS);
    assertThat(DeltaClient.names(client.accept(ResourceType.EDS))).containsExactly(RATINGS);
    client.subscribe(ResourceType.EDS, RATINGS);
    assertThat(DeltaClient.names(client.accept(ResourceType.EDS))).containsExactly(RATINGS);
    client.unsubscribe(ResourceType.EDS, REVIEWS);
    client.subscribe(ResourceType.EDS, RATINGS);
    client.accept(ResourceType.EDS);
    bench.town.workload("reviews-v4", "127.0.0.18", "reviews", "v4");
    bench.town.workload("ratings-v4", "127.0.0.19", "ratings", "v4");
    bench.tell();
    assertThat(DeltaClient.names(client.accept(ResourceType.EDS))).containsExactly(RATINGS);
  }

  @Test
  void tenonsOwnTypesAreForTenonAlone() throws Exception {
    DeltaClient tenon = bench.delta(PRODUCTPAGE);
    tenon.subscribe(ResourceType.POLICY, "*");
    assertThat(DeltaClient.names(tenon.accept(ResourceType.POLICY))).containsExactly("default");
    tenon.subscribe(ResourceType.WORKLOAD, "*");
    assertThat(DeltaClient.names(tenon.accept(ResourceType.WORKLOAD))).contains("/127.0.0.13").hasSize(7);
    DeltaClient envoy = bench.delta(Town.sidecar("reviews-v1", "default", "127.0.0.13", false));
    envoy.subscribe(ResourceType.POLICY, "*");
    envoy.subscribe(ResourceType.WORKLOAD, "*");
    envoy.subscribe(ResourceType.CDS, "*");
    envoy.next(ResourceType.CDS);
    assertThat(envoy.waiting()).isZero();
  }

  @Test
  void nothingIsSentBeforeThereIsAMesh() throws Exception {
    bench.close();
    try (Bench other = new Bench()) {
      bench = other;
      // A hub of its own that has not been told anything yet.
      try (var silent = new dev.tenon.pilot.support.AdsServer(0, Limits.DEFAULT)) {
        var channel =
            io.grpc.netty.NettyChannelBuilder.forAddress("127.0.0.1", silent.port()).usePlaintext().build();
        DeltaClient client = new DeltaClient(channel, Bench.node(PRODUCTPAGE), true);
        client.subscribe(ResourceType.CDS, "*");
        await().atMost(Duration.ofSeconds(40)).until(() -> silent.hub().status().toCompletableFuture().join().size() == 1);
        assertThat(client.waiting()).isZero();
        silent.tell(other.town);
        assertThat(DeltaClient.names(client.next(ResourceType.CDS))).contains(REVIEWS);
        channel.shutdownNow();
      }
    }
  }

  @Test
  void aClientThatDoesNotReadDelaysNobody() throws Exception {
    DeltaClient stuck = bench.deltaThatDoesNotRead(Town.sidecar("details-v1", "127.0.0.12"));
    stuck.subscribe(ResourceType.CDS, "*");
    DeltaClient client = settled().client();
    for (int i = 20; i < 40; i++) {
      bench.town.workload("ratings-v" + i, "127.0.0." + i, "ratings", "v" + i);
      bench.tell();
      client.accept(ResourceType.EDS);
      agreed(ResourceType.EDS);
    }
  }

  @Test
  void drainingSendsClientsElsewhere() throws Exception {
    DeltaClient client = settled().client();
    bench.hub().drain();
    assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    DeltaClient late = bench.delta(PRODUCTPAGE);
    late.subscribe(ResourceType.CDS, "*");
    assertThat(late.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aClientThatDoesNotSayWhoItIsIsSentAway() throws Exception {
    DeltaClient client = bench.delta(Node.newBuilder().setId("me").build());
    client.subscribe(ResourceType.CDS, "*");
    Status status = client.end();
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("kind~address~name.namespace~domain");
  }

  @Test
  void whatOneStreamAndAllTogetherMayAskForIsBounded() throws Exception {
    try (Bench small = new Bench(new Limits(1, 2, 100, Duration.ZERO, Duration.ZERO))) {
      DeltaClient greedy = small.delta(PRODUCTPAGE);
      greedy.subscribe(ResourceType.EDS, "a", "b", "c");
      assertThat(greedy.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      DeltaClient first = small.delta(PRODUCTPAGE);
      first.subscribe(ResourceType.EDS, REVIEWS);
      first.accept(ResourceType.EDS);
      DeltaClient second = small.delta(PRODUCTPAGE);
      second.subscribe(ResourceType.EDS, REVIEWS);
      assertThat(second.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
  }
}
