package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.e2e.mesh.Between;
import dev.tenon.e2e.mesh.ConsulPeer;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.registry.consul.ask.Agent;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.convert.Wishes;
import dev.tenon.registry.consul.publish.ConsulRegistry;
import dev.tenon.registry.consul.watch.Datacenter;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.registry.RegistryState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry of Consul against real servers: with ACLs, over TLS, in a cluster that loses its leader. */
@Tag("system")
class ConsulServersTest {
  @TempDir Path folder;

  @Test
  void aTokenThatSeesHalfGivesHalf() throws IOException {
    try (ConsulPeer peer = ConsulPeer.withAcls(Outside.consul())) {
      peer.register("seen-1", "seen", "127.0.0.1", 80, "a", Map.of());
      peer.register("hidden-1", "hidden", "127.0.0.1", 81, "a", Map.of());
      peer.ask("PUT", "/v1/acl/policy", """
          {"Name": "half", "Rules": "service \\"seen\\" { policy = \\"read\\" } node_prefix \\"\\" { policy = \\"read\\" }"}""");
      String made = peer.ask("PUT", "/v1/acl/token", "{\"Policies\": [{\"Name\": \"half\"}]}");
      String secret = made.replaceFirst("(?s).*\"SecretID\":\\s*\"([^\"]+)\".*", "$1");
      Agent agent = new Agent(peer.address(), Optional.of(Files.writeString(folder.resolve("token"), secret)), Agent.Tls.NONE);
      try (Following following = new Following(agent)) {
        following.awaitServices("seen");
        String policy = peer.ask("GET", "/v1/acl/policy/name/half", "").replaceFirst("(?s).*\"ID\":\\s*\"([^\"]+)\".*", "$1");
        peer.ask("PUT", "/v1/acl/policy/" + policy, "{\"Name\": \"half\", \"Rules\": \"\"}");
        await().atMost(Duration.ofSeconds(100)).untilAsserted(() -> assertThat(following.state().reason()).contains("the token may "));
        assertThat(following.services()).containsExactly("seen");
      }
    }
  }

  @Test
  void overTlsWithACertificateThatConsulMade() throws IOException {
    try (ConsulPeer peer = ConsulPeer.withTls(Outside.consul())) {
      peer.register("web-1", "web", "127.0.0.1", 80, "a", Map.of());
      Agent.Tls own = new Agent.Tls(Optional.of(peer.file("consul-agent-ca.pem")), Optional.of(peer.file("dc1-client-consul-0.pem")),
          Optional.of(peer.file("dc1-client-consul-0-key.pem")));
      try (Following following = new Following(new Agent(peer.tlsAddress(), Optional.empty(), own))) {
        following.awaitServices("web");
      }
      try (Following stranger = new Following(new Agent(peer.tlsAddress(), Optional.empty(), Agent.Tls.NONE))) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(stranger.state().reason()).contains("certif"));
      }
    }
  }

  @Test
  void aClusterThatLosesItsLeaderIsFollowedOn() throws IOException {
    try (ConsulPeer peers = ConsulPeer.start(Outside.consul(), 3)) {
      peers.register("web-1", "web", "127.0.0.1", 80, "a", Map.of());
      try (Following following = new Following(new Agent(peers.address(), Optional.empty(), Agent.Tls.NONE))) {
        following.awaitServices("web");
        int leader = peers.leader();
        if (leader == 3) {
          peers.ask("POST", "/v1/operator/raft/transfer-leader", "");
          await().atMost(Duration.ofSeconds(80)).ignoreExceptions().until(() -> peers.leader() != 3);
          leader = peers.leader();
        }
        peers.kill(leader);
        int killed = leader;
        await().atMost(Duration.ofSeconds(160)).ignoreExceptions().until(() -> peers.leader() != killed);
        assertThat(following.services()).containsExactly("web");
        peers.register("next-1", "next", "127.0.0.1", 81, "a", Map.of());
        following.awaitServices("next", "web");
        await().atMost(Duration.ofSeconds(100)).untilAsserted(() -> assertThat(following.state().kind()).isEqualTo(RegistryState.Kind.CURRENT));
      }
    }
  }

  @Test
  void whatTheFirstLookFindsByNodeIsWhatEachServiceSays() throws IOException {
    try (ConsulPeer peer = ConsulPeer.start(Outside.consul())) {
      for (int i = 0; i < 5; i++) {
        peer.register("s" + i, "service-" + i, "127.0.0.1", 80 + i, "version|v" + i, Map.of("zone", "z"));
      }
      try (Following following = new Following(new Agent(peer.address(), Optional.empty(), Agent.Tls.NONE))) {
        following.awaitServices("service-0", "service-1", "service-2", "service-3", "service-4");
        Catalog first = following.catalog();
        for (int i = 0; i < 5; i++) {
          peer.report("s" + i, "fail");
        }
        await().atMost(Duration.ofSeconds(80)).untilAsserted(() -> assertThat(following.catalog().services().values()).allMatch(
            each -> each.endpoints().getFirst().health() == Health.UNHEALTHY));
        for (int i = 0; i < 5; i++) {
          peer.report("s" + i, "pass");
        }
        await().atMost(Duration.ofSeconds(80)).untilAsserted(() -> assertThat(following.catalog()).isEqualTo(first));
      }
    }
  }

  @Test
  void anAgentThatHangsIsCalledStaleWhatItSaidStaysAndItIsFollowedOn() throws IOException {
    try (ConsulPeer peer = ConsulPeer.start(Outside.consul())) {
      peer.register("web-1", "web", "127.0.0.1", 80, "a", Map.of());
      try (Following following = new Following(new Agent(peer.address(), Optional.empty(), Agent.Tls.NONE))) {
        following.awaitServices("web");
        peer.hang(true);
        try {
          await().atMost(Duration.ofSeconds(160)).untilAsserted(() -> assertThat(following.state().kind()).isEqualTo(RegistryState.Kind.STALE));
          assertThat(following.state().reason()).contains("/v1/").containsIgnoringCase("timed out");
          assertThat(following.services()).containsExactly("web");
        } finally {
          peer.hang(false);
        }
        peer.awaitLeader();
        peer.register("next-1", "next", "127.0.0.1", 81, "a", Map.of());
        following.awaitServices("next", "web");
        await().atMost(Duration.ofSeconds(100)).untilAsserted(() -> assertThat(following.state().kind()).isEqualTo(RegistryState.Kind.CURRENT));
      }
    }
  }

  @Test
  void whateverIsSaidInConsulsPlaceTakesNothingAway() throws IOException {
    try (ConsulPeer peer = ConsulPeer.start(Outside.consul()); Between between = new Between(peer.address())) {
      peer.register("web-1", "web", "127.0.0.1", 80, "a", Map.of());
      try (Following following = new Following(new Agent(between.address(), Optional.empty(), Agent.Tls.NONE))) {
        following.awaitServices("web");
        Map<Between.Says, String> reasons = Map.of(Between.Says.ERRORS, "500 to ", Between.Says.HALVES, "not the JSON", Between.Says.FIFTY_MEGABYTES, "larger than 32 MiB");
        reasons.forEach((lie, reason) -> {
          between.say(lie);
          await(lie.name()).atMost(Duration.ofSeconds(100)).untilAsserted(() -> assertThat(following.state())
              .returns(RegistryState.Kind.STALE, RegistryState::kind).satisfies(each -> assertThat(each.reason()).contains(reason)));
          assertThat(following.services()).as(lie.name()).containsExactly("web");
          between.say(Between.Says.THE_TRUTH);
          await(lie.name()).atMost(Duration.ofSeconds(100)).untilAsserted(() -> assertThat(following.state().kind()).isEqualTo(RegistryState.Kind.CURRENT));
        });
        between.say(Between.Says.AN_OLD_INDEX);
        peer.register("next-1", "next", "127.0.0.1", 81, "a", Map.of());
        following.awaitServices("next", "web");
        assertThat(following.state().kind()).isEqualTo(RegistryState.Kind.CURRENT);
      }
    }
  }

  @Test
  void ofWhatCannotBeUsedNothingIsServedAndTheRestIs() throws IOException {
    try (ConsulPeer peer = ConsulPeer.start(Outside.consul())) {
      entry(peer, "na", "10.1.0.1", "\"ID\": \"same\", \"Address\": \"10.0.0.1\", \"Port\": 80");
      entry(peer, "nb", "10.1.0.2", "\"ID\": \"same\", \"Address\": \"10.0.0.2\", \"Port\": 80");
      entry(peer, "nc", "10.1.0.3", "\"ID\": \"portless\", \"Address\": \"10.0.0.3\"");
      entry(peer, "nd", "10.1.0.4", "\"ID\": \"crooked\", \"Address\": \"10.0.0.300\", \"Port\": 80");
      entry(peer, "outside", "payments.example", "\"ID\": \"external\", \"Port\": 443");
      try (Following following = new Following(new Agent(peer.address(), Optional.empty(), Agent.Tls.NONE))) {
        following.awaitServices("web");
        assertThat(following.catalog().services().values().iterator().next().endpoints()).extracting(Endpoint::address)
            .containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2", "payments.example");
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(following.state().reason()).contains("is left out", "1 more"));
      }
    }
  }

  private static void entry(ConsulPeer peer, String node, String address, String service) {
    peer.ask("PUT", "/v1/catalog/register", "{\"Node\": \"" + node + "\", \"Address\": \"" + address + "\", \"Service\": {\"Service\": \"web\", " + service + "}}");
  }

  /** A registry that follows an agent. */
  private static final class Following implements AutoCloseable {
    private final ConsulRegistry registry = new ConsulRegistry(new Wishes(List.of(""), "consul", "default", Protocol.HTTP, "", false));
    private final Consul consul;
    private final Datacenter datacenter;

    Following(Agent agent) throws IOException {
      consul = new Consul(agent, Duration.ofSeconds(3), 32 << 20);
      datacenter = Datacenter.follow("", consul, new Datacenter.Habits(Duration.ofSeconds(3), Duration.ofSeconds(1), true, 4), registry);
    }

    void awaitServices(String... names) {
      await().atMost(Duration.ofSeconds(100)).untilAsserted(() -> assertThat(services()).containsExactlyInAnyOrder(names));
    }

    Catalog catalog() {
      List<Catalog> seen = new ArrayList<>();
      registry.catalog().subscribe(seen::add).close();
      return seen.getLast();
    }

    List<String> services() {
      List<Catalog> seen = new ArrayList<>();
      registry.catalog().subscribe(seen::add).close();
      return seen.stream().flatMap(each -> each.services().keySet().stream()).map(each -> each.name()).toList();
    }

    RegistryState state() {
      List<RegistryState> seen = new ArrayList<>();
      registry.state().subscribe(seen::add).close();
      return seen.getLast();
    }

    @Override
    public void close() {
      datacenter.close();
      consul.close();
    }
  }
}
