package dev.tenon.pilot.serve;

import static dev.tenon.pilot.serve.Bench.PRODUCTPAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import dev.tenon.pilot.support.Read;
import dev.tenon.pilot.support.WholeClient;
import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.spi.model.ServiceName;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The state-of-the-world protocol, spoken with a real client over a real connection. */
class WholeTest {
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

  private static List<String> clusters(DiscoveryResponse answer) {
    return answer.getResourcesList().stream()
        .map((Any any) -> Read.unpack(any, Cluster.class).getName())
        .filter(name -> name.startsWith("outbound"))
        .toList();
  }

  private static List<String> assignments(DiscoveryResponse answer) {
    return answer.getResourcesList().stream()
        .map((Any any) -> Read.unpack(any, ClusterLoadAssignment.class).getClusterName())
        .toList();
  }

  @Test
  void clustersAreSentWholeAndEndpointsAsTheyChange() throws Exception {
    WholeClient client = bench.whole(PRODUCTPAGE);
    client.ask(ResourceType.CDS, "", "");
    DiscoveryResponse clusters = client.next(ResourceType.CDS);
    assertThat(clusters(clusters)).hasSize(4);
    client.acknowledge(clusters);
    client.ask(ResourceType.EDS, "", "", REVIEWS, RATINGS);
    DiscoveryResponse endpoints = client.next(ResourceType.EDS);
    assertThat(assignments(endpoints)).containsExactly(RATINGS, REVIEWS);
    client.acknowledge(endpoints, REVIEWS, RATINGS);
    bench.town.workload("ratings-v2", "127.0.0.17", "ratings", "v2");
    bench.tell();
    endpoints = client.next(ResourceType.EDS);
    assertThat(assignments(endpoints)).containsExactly(RATINGS);
    client.acknowledge(endpoints, REVIEWS, RATINGS);
    bench.town.without("vm", new ServiceName("ratings", "default"));
    bench.tell();
    assertThat(clusters(client.next(ResourceType.CDS))).hasSize(3).doesNotContain(RATINGS);
  }

  @Test
  void aRefusedVersionIsSentOnce() throws Exception {
    WholeClient client = bench.whole(PRODUCTPAGE);
    client.ask(ResourceType.CDS, "", "");
    DiscoveryResponse refused = client.next(ResourceType.CDS);
    client.refuse(refused, "");
    await()
        .untilAsserted(
            () ->
                assertThat(bench.standing(PRODUCTPAGE, ResourceType.CDS).getRefusal()).isEqualTo("not to my taste"));
    assertThat(client.waiting()).isZero();
    bench.town.add(Slow.destinationRule("default/reviews", "reviews"));
    bench.tell();
    DiscoveryResponse next = client.next(ResourceType.CDS);
    assertThat(next.getVersionInfo()).isNotEqualTo(refused.getVersionInfo());
    assertThat(clusters(next)).hasSize(4);
  }

  @Test
  void aClientThatComesBackWithThePresentVersionIsToldNothing() throws Exception {
    WholeClient before = bench.whole(PRODUCTPAGE);
    before.ask(ResourceType.EDS, "", "", REVIEWS, RATINGS);
    String version = before.next(ResourceType.EDS).getVersionInfo();
    before.cancel();
    WholeClient client = bench.whole(PRODUCTPAGE);
    client.ask(ResourceType.EDS, version, "", REVIEWS, RATINGS);
    await()
        .untilAsserted(
            () ->
                assertThat(bench.standing(PRODUCTPAGE, ResourceType.EDS).getVersionAcknowledged())
                    .isEqualTo(version));
    assertThat(client.waiting()).isZero();
    WholeClient older = bench.whole(PRODUCTPAGE);
    older.ask(ResourceType.EDS, "older", "", REVIEWS);
    assertThat(assignments(older.next(ResourceType.EDS))).containsExactly(REVIEWS);
  }

  @Test
  void aRequestAboutSomethingOlderIsIgnoredAndANewNameAnswered() throws Exception {
    WholeClient client = bench.whole(PRODUCTPAGE);
    client.ask(ResourceType.EDS, "", "", REVIEWS);
    DiscoveryResponse first = client.next(ResourceType.EDS);
    client.ask(ResourceType.EDS, "", "stale", RATINGS);
    client.acknowledge(first, REVIEWS, RATINGS);
    DiscoveryResponse second = client.next(ResourceType.EDS);
    assertThat(assignments(second)).containsExactly(RATINGS);
    client.acknowledge(second, REVIEWS, RATINGS);
    // The same once more: Envoy has made its clusters anew.
    client.acknowledge(second, REVIEWS, RATINGS);
    assertThat(assignments(client.next(ResourceType.EDS))).containsExactly(RATINGS, REVIEWS);
  }
}
