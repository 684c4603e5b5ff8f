package dev.tenon.proxy.subscribe;

import static dev.tenon.proxy.subscribe.ScriptedServer.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.StringValue;
import dev.tenon.spi.model.Locality;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the stream, seen from the server. */
class LinkTest {
  private static final NodeIdentity NODE =
      new NodeIdentity(false, "reviews-v1", "default", "127.0.0.13", Map.of("app", "reviews"),
          Locality.NONE, "cluster.local", "127.0.0.13", 15002, "1.2.3");

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final Desk desk = new Desk();
  private final RecordingIntake intake = new RecordingIntake();
  private ScriptedServer server;
  private Link link;

  @BeforeEach
  void subscribe() throws Exception {
    server = ScriptedServer.start();
    link =
        new Link(
            new Link.Peer(InetSocketAddress.createUnresolved("127.0.0.1", server.port()), loops, NioSocketChannel.class, java.util.Optional.empty()),
            NODE, intake, desk, timers);
    link.start();
  }

  @AfterEach
  void end() {
    link.close();
    server.close();
    timers.shutdownNow();
    loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void saysWhoItIsOnceAndSubscribesToEverythingOfTheWildcardKinds() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    DeltaDiscoveryRequest clusters = stream.request(Kind.CLUSTERS);

    assertThat(clusters.getNode().getId())
        .isEqualTo("sidecar~127.0.0.13~reviews-v1.default~default.svc.cluster.local");
    assertThat(clusters.getNode().getUserAgentName()).isEqualTo("tenon");
    assertThat(clusters.getNode().getUserAgentVersion()).isEqualTo("1.2.3");
    var metadata = clusters.getNode().getMetadata();
    assertThat(metadata.getFieldsOrThrow("NAME").getStringValue()).isEqualTo("reviews-v1");
    assertThat(metadata.getFieldsOrThrow("NAMESPACE").getStringValue()).isEqualTo("default");
    assertThat(metadata.getFieldsOrThrow("LABELS").getStructValue().getFieldsOrThrow("app").getStringValue()).isEqualTo("reviews");
    assertThat(metadata.getFieldsOrThrow("PROXY_CONFIG").getStructValue().getFieldsOrThrow("proxyHttpPort").getNumberValue())
        .isEqualTo(15002);
    assertThat(metadata.getFieldsOrThrow("TENON_OUTBOUND_BIND").getStringValue()).isEqualTo("127.0.0.13");
    assertThat(clusters.getResourceNamesSubscribeList()).containsExactly("*");
    for (Kind kind : List.of(Kind.LISTENERS, Kind.POLICIES, Kind.WORKLOADS)) {
      DeltaDiscoveryRequest request = stream.request(kind);
      assertThat(request.getResourceNamesSubscribeList()).containsExactly("*");
      assertThat(request.hasNode()).isFalse();
    }
    assertThat(stream.hasRequest(Kind.ENDPOINTS)).isFalse();
    assertThat(stream.hasRequest(Kind.ROUTES)).isFalse();
  }

  @Test
  void acknowledgesWhatIsTakenInAndAsksForWhatIsWantedThen() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    intake.wantEndpointsOfClusters = true;
    DeltaDiscoveryRequest ack = stream.answer(stream.send(Kind.CLUSTERS, resource("a", "1", cluster("a"))));

    assertThat(ack.hasErrorDetail()).isFalse();
    DeltaDiscoveryRequest wanted = stream.request(Kind.ENDPOINTS);
    assertThat(wanted.getResourceNamesSubscribeList()).containsExactly("a");

    stream.answer(stream.remove(Kind.CLUSTERS, "a"));
    assertThat(stream.request(Kind.ENDPOINTS).getResourceNamesUnsubscribeList()).containsExactly("a");
  }

  @Test
  void refusesWithTheNonceTheResourceAndTheFieldAndTakesTheRest() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    intake.refuse = "b";
    DeltaDiscoveryRequest nack =
        stream.answer(
            stream.send(Kind.CLUSTERS, resource("a", "1", cluster("a")), resource("b", "1", cluster("b"))));

    assertThat(nack.getErrorDetail().getCode()).isEqualTo(3);
    assertThat(nack.getErrorDetail().getMessage()).isEqualTo("b: type: not this one");
    assertThat(intake.versions(Kind.CLUSTERS)).containsOnlyKeys("a");
  }

  @Test
  void refusesAResourceOfAnotherTypeThanTheResponses() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    DeltaDiscoveryRequest nack =
        stream.answer(stream.send(Kind.CLUSTERS, resource("a", "1", StringValue.of("what?"))));

    assertThat(nack.getErrorDetail().getMessage()).startsWith("a: is type.googleapis.com/google.protobuf.StringValue");
  }

  @Test
  void survivesAnIntakeThatFails() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    intake.fail = true;
    DeltaDiscoveryRequest nack = stream.answer(stream.send(Kind.CLUSTERS, resource("a", "1", cluster("a"))));

    assertThat(nack.getErrorDetail().getMessage()).contains("a: the proxy failed on it");
    intake.fail = false;
    assertThat(stream.answer(stream.send(Kind.CLUSTERS, resource("a", "1", cluster("a")))).hasErrorDetail()).isFalse();
  }

  @Test
  void comesBackWithTheVersionsItHolds() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    intake.wantEndpointsOfClusters = true;
    stream.answer(stream.send(Kind.CLUSTERS, resource("a", "7", cluster("a"))));
    stream.request(Kind.ENDPOINTS);
    stream.answer(stream.send(Kind.ENDPOINTS, resource("a", "9", ClusterLoadAssignment.newBuilder().setClusterName("a").build())));
    stream.fail();

    ScriptedServer.Stream again = server.stream();
    DeltaDiscoveryRequest clusters = again.request(Kind.CLUSTERS);
    assertThat(clusters.hasNode()).isTrue();
    assertThat(clusters.getInitialResourceVersionsMap()).containsExactly(Map.entry("a", "7"));
    DeltaDiscoveryRequest endpoints = again.request(Kind.ENDPOINTS);
    assertThat(endpoints.getInitialResourceVersionsMap()).containsExactly(Map.entry("a", "9"));
    assertThat(endpoints.getResourceNamesSubscribeList()).containsExactly("a");
  }

  @Test
  void findsAServerThatWasAwayWithinFiveSeconds() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    stream.answer(stream.send(Kind.CLUSTERS, resource("a", "1", cluster("a"))));
    int port = server.port();
    server.close();
    await().atMost(Duration.ofSeconds(40)).until(() -> !now().connected() && now().streams() > 3);
    assertThat(now().problem()).contains("UNAVAILABLE");

    server = ScriptedServer.start(port);
    long back = System.nanoTime();
    server.stream();
    assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(5));
    await().atMost(Duration.ofSeconds(40)).until(() -> now().connected() && now().problem().isEmpty());
  }

  private Reachability now() {
    return ((dev.tenon.spi.stream.Cell<Reachability>) link.reachability()).get().orElseThrow();
  }

  private static Cluster cluster(String name) {
    return Cluster.newBuilder().setName(name).build();
  }
}
