package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.e2e.mesh.ConsulPeer;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.registry.consul.ask.Agent;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.share.KeyLeases;
import dev.tenon.spi.registry.LeaseStore.Holder;
import dev.tenon.spi.registry.LeaseStore.Kept;
import dev.tenon.spi.registry.LeaseStore.View;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases of machines that lie in a real Consul. */
@Tag("system")
class ConsulLeasesTest {
  private static ConsulPeer consul;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException {
    consul = ConsulPeer.start(Outside.consul());
  }

  @AfterAll
  static void end() throws IOException {
    consul.close();
  }

  private Consul client() throws IOException {
    return new Consul(new Agent(consul.address(), Optional.empty(), Agent.Tls.NONE), Duration.ofSeconds(5), 8 << 20);
  }

  private KeyLeases store(Consul client, String prefix, String who) {
    return new KeyLeases(client, prefix, who, Duration.ofSeconds(5), folder.resolve(who));
  }

  private static View view(KeyLeases of) {
    List<View> seen = new ArrayList<>();
    of.view().subscribe(seen::add).close();
    return seen.isEmpty() ? new View(Map.of(), "nothing yet") : seen.getLast();
  }

  private static void awaits(KeyLeases of, Map<String, Kept> leases) {
    await().atMost(Duration.ofSeconds(100)).untilAsserted(() -> assertThat(view(of)).isEqualTo(new View(leases, "")));
  }

  @Test
  void whatOneWritesTheOthersSeeAndWhoeverCameFirstStays() throws IOException {
    try (Consul client = client(); KeyLeases one = store(client, "leases-a/", "one"); KeyLeases other = store(client, "leases-a/", "other")) {
      awaits(one, Map.of());
      awaits(other, Map.of());
      one.write(Map.of("default/a", Optional.of("first"), "default/b", Optional.of("second")));
      assertThat(view(one).leases()).as("at once").containsEntry("default/a", new Kept("first", Holder.OURS));
      awaits(other, Map.of("default/a", new Kept("first", Holder.ANOTHER), "default/b", new Kept("second", Holder.ANOTHER)));
      // The workload came to the other one.
      other.write(Map.of("default/a", Optional.of("taken over")));
      awaits(one, Map.of("default/a", new Kept("taken over", Holder.ANOTHER), "default/b", new Kept("second", Holder.OURS)));
      one.write(Map.of("default/b", Optional.empty()));
      awaits(other, Map.of("default/a", new Kept("taken over", Holder.OURS)));
    }
  }

  @Test
  void whatWasSeenBeforeAnotherWroteIsNotWritten() throws IOException {
    try (Consul client = client(); KeyLeases one = store(client, "leases-b/", "one")) {
      one.write(Map.of("default/b", Optional.of("first")));
      // Behind its back: it follows nothing before somebody subscribes.
      consul.ask("PUT", "/v1/kv/leases-b/default/a", "theirs");
      one.write(Map.of("default/a", Optional.of("ours"), "default/b", Optional.of("ours")));
      awaits(one, Map.of("default/a", new Kept("theirs", Holder.NOBODY), "default/b", new Kept("ours", Holder.OURS)));
    }
  }

  @Test
  void whatAControlPlaneHeldThatIsGoneIsNobodysAndTheNextProcessGoesOnWithIt() throws IOException {
    try (Consul client = client(); KeyLeases other = store(client, "leases-c/", "other")) {
      KeyLeases one = store(client, "leases-c/", "one");
      awaits(one, Map.of());
      one.write(Map.of("default/a", Optional.of("text")));
      one.close();
      // As after a crash: the next one has the session's name from the disk.
      KeyLeases again = store(client, "leases-c/", "one");
      awaits(again, Map.of("default/a", new Kept("text", Holder.OURS)));
      // In good order.
      again.ends();
      again.close();
      awaits(other, Map.of("default/a", new Kept("text", Holder.NOBODY)));
      // Consul forgot it.
      other.write(Map.of("default/a", Optional.of("text")));
      String held = consul.ask("GET", "/v1/kv/leases-c/default/a", "").replaceFirst("(?s).*\"Session\":\\s*\"([^\"]+)\".*", "$1");
      consul.ask("PUT", "/v1/session/destroy/" + held, "");
      awaits(other, Map.of("default/a", new Kept("text", Holder.NOBODY)));
      await().atMost(Duration.ofSeconds(80)).ignoreExceptions().untilAsserted(() -> {
        other.write(Map.of("default/a", Optional.of("text")));
        assertThat(view(other).leases()).containsEntry("default/a", new Kept("text", Holder.OURS));
      });
    }
  }

  @Test
  void twoThousandLeasesAreWrittenAndReadBack() throws IOException {
    Map<String, Optional<String>> texts = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      texts.put("default/w" + i, Optional.of("x".repeat(700) + i));
    }
    try (Consul client = client(); KeyLeases one = store(client, "leases-d/", "one")) {
      awaits(one, Map.of());
      long began = System.nanoTime();
      one.write(texts);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
      try (KeyLeases other = store(client, "leases-d/", "other")) {
        await().atMost(Duration.ofSeconds(80)).untilAsserted(() -> assertThat(view(other).leases()).hasSize(2_000));
      }
      texts.replaceAll((_, _) -> Optional.empty());
      one.write(texts);
      awaits(one, Map.of());
    }
  }
}
