package dev.tenon.proxy.live;

import static dev.tenon.proxy.subscribe.ScriptedServer.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.proxy.compile.Protos;
import dev.tenon.proxy.compile.Table;
import dev.tenon.proxy.plug.Plugs;
import dev.tenon.proxy.subscribe.Kind;
import dev.tenon.proxy.subscribe.Link;
import dev.tenon.proxy.subscribe.NodeIdentity;
import dev.tenon.proxy.subscribe.ScriptedServer;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.stream.Cell;
import dev.tenon.wire.policy.v1.Policy;
import dev.tenon.wire.policy.v1.Rule;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a control plane's stream to the generation that requests work by. */
class FeedTest {
  private static final NodeIdentity NODE =
      new NodeIdentity(false, "reviews-v1", "default", "127.0.0.13", Map.of("app", "reviews"),
          Locality.NONE, "cluster.local", "127.0.0.13", 15002, "1");
  private static final String REVIEWS = "outbound|9080|v1|reviews.default.svc.cluster.local";

  private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final Cell<List<Offer<PolicyEngine>>> engines = new Cell<>(List.of());
  private final Live live = new Live();
  private ScriptedServer server;
  private Feed feed;

  @BeforeEach
  void start() throws Exception {
    server = ScriptedServer.start();
    List<EventExecutor> each = new ArrayList<>();
    loops.forEach(each::add);
    feed =
        new Feed(
            new Link.Peer(InetSocketAddress.createUnresolved("127.0.0.1", server.port()), loops, NioSocketChannel.class, java.util.Optional.empty()),
            NODE, live, each, timers,
            new Offered(engines, new Cell<>(List.of()), new Cell<>(List.of())), Plugs.none());
    feed.start();
  }

  @AfterEach
  void end() {
    feed.close();
    server.close();
    timers.shutdownNow();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void aSidecarsFirstConfigurationMakesItReady() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    serve(stream);

    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(live.firstComplete().toCompletableFuture()).isCompleted());
    Table table = live.present().table();
    assertThat(table.listeners()).containsOnlyKeys("127.0.0.13_15002", "127.0.0.13_9080");
    assertThat(table.routes()).containsOnlyKeys("http_proxy");
    assertThat(table.clusters())
        .containsOnlyKeys(REVIEWS, "outbound|9080||ratings.default.svc.cluster.local",
            "inbound|9080||reviews.default.svc.cluster.local");
    assertThat(live.present().policies()).containsOnlyKeys("default");
  }

  @Test
  void aRefusalKeepsWhatIsInForce() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    serve(stream);
    awaitComplete();
    Table before = live.present().table();

    Cluster bad = Protos.cluster("name: '" + REVIEWS + "' type: STRICT_DNS");
    String detail = stream.answer(stream.send(Kind.CLUSTERS, resource(REVIEWS, "2", bad))).getErrorDetail().getMessage();

    assertThat(detail).startsWith(REVIEWS + ": type: is STRICT_DNS");
    assertThat(live.present().table()).isSameAs(before);
    assertThat(feed.dump().toCompletableFuture().get(40, TimeUnit.SECONDS)).contains("is STRICT_DNS");
  }

  @Test
  void losingTheControlPlaneChangesNothingAndWhatWasRemovedMeanwhileGoesWhenItSaysSo() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    serve(stream);
    awaitComplete();
    Generation before = live.present();

    stream.fail();
    ScriptedServer.Stream again = server.stream();

    assertThat(live.present()).isSameAs(before);
    assertThat(again.request(Kind.LISTENERS).getInitialResourceVersionsMap())
        .containsOnlyKeys("127.0.0.13_15002", "127.0.0.13_9080");
    again.answer(again.remove(Kind.LISTENERS, "127.0.0.13_9080"));
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(live.present().table().listeners()).containsOnlyKeys("127.0.0.13_15002"));
  }

  @Test
  void policiesAreCompiledByTheEngineThatIsThere() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    stream.answer(stream.send(Kind.POLICIES, resource("a", "1", policy("a", "good"))));
    assertThat(live.present().policies()).isEmpty();

    FakeEngine first = new FakeEngine();
    engines.set(List.of(new Offer<>("mixer", "1", first)));
    assertThat(live.present().policies()).containsOnlyKeys("a");
    assertThat(first.compiled.getFirst().rules().getFirst().meta().at().toString()).isEqualTo("rules.yaml:3:1");

    FakeEngine second = new FakeEngine();
    engines.set(List.of(new Offer<>("mixer", "2", second)));
    assertThat(live.present().policies().get("a")).isEqualTo(new FakeEngine.FakePolicy(second, "a"));
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(first.closed).containsExactly("a"));

    engines.set(List.of());
    assertThat(live.present().policies()).isEmpty();
  }

  @Test
  void aPolicyThatDoesNotCompileIsRefusedWithWhatTheEngineFound() throws Exception {
    FakeEngine engine = new FakeEngine();
    engines.set(List.of(new Offer<>("mixer", "1", engine)));
    ScriptedServer.Stream stream = server.stream();
    stream.answer(stream.send(Kind.POLICIES, resource("a", "1", policy("a", "good"))));
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(live.present().policies()).containsOnlyKeys("a"));
    PolicyEngine.Policy before = Objects.requireNonNull(live.present().policies().get("a"));

    String detail =
        stream.answer(stream.send(Kind.POLICIES, resource("a", "2", policy("a", "bad")))).getErrorDetail().getMessage();

    assertThat(detail).isEqualTo("a: spec.match: rules.yaml:3:1: error: spec.match: unknown attribute [TEN0100]");
    assertThat(live.present().policies().get("a")).isSameAs(before);
    assertThat(engine.closed).isEmpty();

    stream.answer(stream.remove(Kind.POLICIES, "a"));
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(engine.closed).containsExactly("a"));
  }

  @Test
  void anEmptyPolicyNeedsNoEngine() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    stream.answer(stream.send(Kind.POLICIES, resource("a", "1", Policy.newBuilder().setNamespace("a").build())));

    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(live.present().policies()).containsOnlyKeys("a"));
  }

  @Test
  void readinessWaitsForThePolicyThatAListenerNames() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    Sample sample = Sample.read();
    sample.sendAllBut(stream, Kind.POLICIES);
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(live.present().table().listeners()).hasSize(2));
    assertThat(live.firstComplete().toCompletableFuture()).isNotCompleted();

    sample.send(stream, Kind.POLICIES);
    awaitComplete();
  }

  @Test
  void changesThatComeTogetherBecomeOneGeneration() throws Exception {
    ScriptedServer.Stream stream = server.stream();
    serve(stream);
    awaitComplete();
    // A sender that is slowed down by others gives each of them time for itself: the best of three counts.
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 3 && least >= 100; round++) {
      least = Math.min(least, generationsForTwoHundred(stream, round));
    }
    assertThat(least).isLessThan(100);
  }

  private long generationsForTwoHundred(ScriptedServer.Stream stream, int round) throws Exception {
    long before = live.present().number();
    String nonce = "";
    for (int i = 0; i < 200; i++) {
      String address = "10.0." + round + "." + i;
      nonce =
          stream.send(
              Kind.WORKLOADS,
              resource("/" + address, "1",
                  dev.tenon.wire.workload.v1.Workload.newBuilder().setName("w" + i).setAddress(address).build()));
    }
    stream.answer(nonce);
    await().atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> assertThat(live.present().table().workloads()).hasSizeGreaterThanOrEqualTo(200 * (round + 1)));
    return live.present().number() - before;
  }

  private void serve(ScriptedServer.Stream stream) throws Exception {
    Sample sample = Sample.read();
    sample.sendAllBut(stream, Kind.POLICIES);
    sample.send(stream, Kind.POLICIES);
  }

  private void awaitComplete() {
    await().atMost(Duration.ofSeconds(80))
        .untilAsserted(() -> assertThat(live.firstComplete().toCompletableFuture()).isCompleted());
  }

  private static Policy policy(String namespace, String rule) {
    return Policy.newBuilder()
        .setNamespace(namespace)
        .addRules(Rule.newBuilder().setName(rule).setOrigin("rules.yaml:3:1"))
        .build();
  }

  /** Everything that a control plane sends to the sidecar of reviews, in the text form of its messages. */
  private record Sample(io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse everything) {
    static Sample read() throws Exception {
      try (InputStream in = FeedTest.class.getResourceAsStream("sidecar.textproto")) {
        String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        return new Sample(
            Protos.parse(text, io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse.newBuilder()).build());
      }
    }

    void sendAllBut(ScriptedServer.Stream stream, Kind... left) throws Exception {
      for (Kind kind : Kind.values()) {
        if (!List.of(left).contains(kind)) {
          send(stream, kind);
        }
      }
    }

    void send(ScriptedServer.Stream stream, Kind kind) throws Exception {
      var those =
          everything.getResourcesList().stream()
              .filter(each -> each.getResource().getTypeUrl().equals(kind.typeUrl()))
              .toArray(io.envoyproxy.envoy.service.discovery.v3.Resource[]::new);
      var answer = stream.answer(stream.send(kind, those));
      assertThat(answer.getErrorDetail().getMessage()).isEmpty();
    }
  }
}
