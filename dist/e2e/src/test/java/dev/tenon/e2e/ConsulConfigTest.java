package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.ConsulPeer;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.e2e.mesh.TestMesh;
import dev.tenon.registry.consul.ask.Agent;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.configure.KeyConfig;
import dev.tenon.registry.consul.lead.SessionLead;
import dev.tenon.spi.config.ConfigSource;
import dev.tenon.spi.config.ConfigStore;
import dev.tenon.spi.lifecycle.Leadership.Lead;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Configuration that lies in a real Consul, and control planes that elect a leader there. */
@Tag("system")
class ConsulConfigTest {
  private static final String KEY = "/v1/kv/tenon/config/";

  private static ConsulPeer consul;
  private static TestMesh mesh;

  @BeforeAll
  static void start() throws IOException {
    consul = ConsulPeer.start(Outside.consul());
    mesh =
        TestMesh.start(
            "consul-config",
            "modules: [galley, mixer, registry-vm, registry-consul, pilot]\n"
                + "registry-consul: {address: \"" + consul.address() + "\", wait: 5s, sweep: 1s, configuration: tenon/config, leadership: tenon/leader}\n");
  }

  @AfterAll
  static void end() throws IOException {
    try (ConsulPeer ended = consul) {
      if (mesh != null) {
        mesh.close();
      }
    }
  }

  private static String rule(String name, String host) {
    return "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: " + name + "}\nspec: {host: " + host + "}\n";
  }

  private static String get(String name) {
    return mesh.tenon("get", "destinationrule", name, "-o", "yaml").out();
  }

  @Test
  void whatLiesBelowThePrefixIsInForceAndABadKeyIsRefusedAlone() {
    consul.ask("PUT", KEY + "by-hand.yaml", rule("by-hand", "web"));
    consul.ask("PUT", KEY + "bad/rule.yaml", rule("bad", "web").replace("spec:", "sepc:"));
    mesh.until("the object to be in force", 20, () -> get("by-hand").contains("host: web"));
    String status = mesh.tenon("status").out();
    assertThat(status).contains("consul:tenon/config/bad/rule.yaml:4:").contains("sepc").containsPattern("registry-consul +current");
    assertThat(get("bad")).isEmpty();
    consul.ask("PUT", KEY + "bad/rule.yaml", rule("bad", "mended"));
    mesh.until("the mended object to be in force", 20, () -> get("bad").contains("host: mended"));
    consul.ask("DELETE", KEY + "bad/rule.yaml", "");
    consul.ask("DELETE", KEY + "by-hand.yaml", "");
    mesh.until("both to be gone", 20, () -> get("bad").isEmpty() && get("by-hand").isEmpty());
  }

  @Test
  void applyWritesToConsulByCheckAndSetAndDeleteTakesItOut() {
    Path file = mesh.written("kv.yaml", rule("one", "web") + "---\n" + rule("two", "web"));
    Command.Result applied = mesh.tenon("apply", "--to", "consul", "-f", file.toString());
    assertThat(applied.exit()).as(applied.err()).isZero();
    assertThat(applied.out()).contains("one", "two", "created");
    assertThat(consul.ask("GET", KEY + "default/destinationrule/one.yaml?raw", "")).contains("host: web");
    assertThat(get("one")).as("in force when the command returns").contains("host: web");
    assertThat(mesh.tenon("apply", "--to", "consul", "-f", file.toString()).out()).contains("unchanged");
    Command.Result twice = mesh.tenon("apply", "-f", file.toString());
    assertThat(twice.out()).as("the same from the directory").contains("unchanged");
    assertThat(mesh.tenon("apply", "--to", "nowhere", "-f", file.toString()).err()).contains("nowhere", "there is consul");
    Command.Result deleted = mesh.tenon("delete", "--from", "consul", "-f", file.toString());
    assertThat(deleted.exit()).as(deleted.err()).isZero();
    assertThat(get("one")).isEmpty();
    assertThat(consul.ask("GET", "/v1/kv/?keys", "")).doesNotContain("destinationrule");
  }

  @Test
  void whoeverWritesMeanwhileIsNotOverwritten() throws IOException {
    try (Consul asked = new Consul(new Agent(consul.address(), Optional.empty(), Agent.Tls.NONE), Duration.ofSeconds(60), 1 << 20);
        var store = KeyConfig.follow(asked, "elsewhere/", Duration.ofSeconds(60))) {
      consul.ask("PUT", "/v1/kv/elsewhere/a", "first");
      await().atMost(Duration.ofSeconds(40)).until(() -> texts(store).contains("first"));
      var write = new ConfigStore.Write("a", Optional.of("first"), Optional.of("ours"));
      var other = new ConfigStore.Write("b", Optional.empty(), Optional.of("ours too"));
      consul.ask("PUT", "/v1/kv/elsewhere/a", "theirs");
      assertThat(catchThrowable(() -> store.commit(List.of(other, write))))
          .isInstanceOf(ConfigStore.Conflict.class)
          .hasMessageContaining("elsewhere/a has been written by somebody else");
      assertThat(consul.ask("GET", "/v1/kv/elsewhere/?keys", "")).doesNotContain("elsewhere/b");
      store.commit(List.of(other));
      assertThat(texts(store)).containsExactlyInAnyOrder("theirs", "ours too");
    }
  }

  private static List<String> texts(ConfigSource source) {
    List<String> texts = new CopyOnWriteArrayList<>();
    source.listing().subscribe(listing -> listing.texts().forEach(each -> texts.add(each.text()))).close();
    return texts;
  }

  @Test
  void oneOfSeveralLeadsAndAnotherTakesOverWhenItLeavesOrConsulForgetsIt() throws IOException {
    try (ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
        Consul asked = new Consul(new Agent(consul.address(), Optional.empty(), Agent.Tls.NONE), Duration.ofSeconds(5), 1 << 20)) {
      SessionLead first = SessionLead.stand(asked, "tenon/test", "first", timers);
      await().atMost(Duration.ofSeconds(40)).until(() -> lead(first).ours());
      SessionLead second = SessionLead.stand(asked, "tenon/test", "second", timers);
      await().atMost(Duration.ofSeconds(40)).until(() -> lead(second).leader().equals("first"));
      assertThat(lead(second).ours()).isFalse();
      first.close();
      Instant left = Instant.now();
      await().atMost(Duration.ofSeconds(40)).until(() -> lead(second).ours());
      assertThat(Duration.between(left, Instant.now())).as("it gave the lock back").isLessThan(Duration.ofSeconds(8));
      String held = consul.ask("GET", "/v1/kv/tenon/test", "").replaceFirst("(?s).*\"Session\":\\s*\"([^\"]+)\".*", "$1");
      consul.ask("PUT", "/v1/session/destroy/" + held, "");
      await().atMost(Duration.ofSeconds(40)).until(() -> !lead(second).ours());
      await("it stands again").atMost(Duration.ofSeconds(80)).until(() -> lead(second).ours());
      second.close();
      timers.shutdownNow();
    }
    assertThat(consul.ask("GET", "/v1/kv/tenon/leader?raw", "")).as("the control plane's own").contains("(process ");
  }

  private static Lead lead(SessionLead of) {
    List<Lead> seen = new CopyOnWriteArrayList<>();
    of.lead().subscribe(seen::add).close();
    return seen.getLast();
  }

  @Test
  void intentionsAreShownAsConsulHasThem() {
    assertThat(mesh.tenon("consul", "intentions").out()).doesNotContain("batch");
    consul.ask("PUT", "/v1/connect/intentions/exact?source=batch&destination=db", "{\"Action\": \"deny\", \"Description\": \"nights only\"}");
    consul.ask("PUT", "/v1/config", "{\"Kind\": \"service-defaults\", \"Name\": \"web\", \"Protocol\": \"http\"}");
    consul.ask("PUT", "/v1/connect/intentions/exact?source=*&destination=web", "{\"Permissions\": [{\"Action\": \"allow\", \"HTTP\": {\"PathPrefix\": \"/open\"}}]}");
    String table = mesh.tenon("consul", "intentions").out();
    assertThat(table).containsPattern("batch +db +deny +9 +nights only").containsPattern("\\* +web +by request \\(1\\) +8");
    assertThat(table.indexOf("batch")).as("the highest precedence first").isLessThan(table.indexOf("by request"));
    assertThat(mesh.tenon("consul", "intentions", "-o", "yaml").out()).contains("/open", "nights only");
    consul.ask("DELETE", "/v1/connect/intentions/exact?source=batch&destination=db", "");
    consul.ask("DELETE", "/v1/connect/intentions/exact?source=*&destination=web", "");
  }

  @Test
  void withoutConsulWhatWasReadStaysInForceAndTheSourceIsStale() {
    consul.ask("PUT", KEY + "stays.yaml", rule("stays", "web"));
    mesh.until("the object to be in force", 20, () -> get("stays").contains("host: web"));
    consul.kill();
    mesh.until("the source to be called stale", 30, () -> mesh.tenon("status").out().lines().anyMatch(each -> each.matches("registry-consul +stale .*")));
    assertThat(get("stays")).contains("host: web");
    Command.Result refused = mesh.tenon("apply", "--to", "consul", "-f", mesh.written("x.yaml", rule("x", "web")).toString());
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("cannot be written").contains("nothing was changed");
    consul.restart();
    mesh.until("the source to be current", 30, () -> mesh.tenon("status").out().lines().anyMatch(each -> each.matches("registry-consul +current .*")));
    consul.ask("DELETE", KEY + "stays.yaml", "");
    mesh.until("what changes afterwards to be seen", 20, () -> get("stays").isEmpty());
  }
}
