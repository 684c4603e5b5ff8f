package dev.tenon.registry.consul.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.registry.consul.ask.Agent;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.convert.Wishes;
import dev.tenon.registry.consul.keep.LastView;
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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the mesh sees while Consul misbehaves. */
class ConsulRegistryTest {
  private static final String SERVICES = "/v1/catalog/services";
  private static final String CHECKS = "/v1/health/state/any";
  private static final Duration SWEEP = Duration.ofMinutes(5);

  @TempDir Path folder;
  private ScriptedConsul scripted;
  private @Nullable Consul consul;
  private @Nullable Datacenter followed;

  @BeforeEach
  void start() throws IOException {
    scripted = new ScriptedConsul();
    scripted.say(SERVICES, 200, 5, "{\"consul\": [], \"web\": []}");
    scripted.say(CHECKS, 200, 5, "[]");
    scripted.say("/v1/health/service/web", 200, 5, web("10.0.0.1"));
  }

  @AfterEach
  void end() {
    if (followed != null) {
      followed.close();
    }
    if (consul != null) {
      consul.close();
    }
    scripted.close();
  }

  @Test
  void aChangeIsReadAndTheRestIsNot() throws IOException {
    scripted.say(SERVICES, 200, 5, "{\"consul\": [], \"web\": [], \"other\": []}");
    scripted.say("/v1/health/service/other", 200, 5, "[]");
    ConsulRegistry registry = follow(SWEEP, 32 << 20);
    awaitAddresses(registry, "10.0.0.1");
    scripted.say("/v1/health/service/web", 200, 6, web("10.0.0.2"));
    scripted.say(CHECKS, 200, 6, "[{\"Node\": \"n\", \"CheckID\": \"c\", \"Status\": \"passing\", \"ServiceName\": \"web\"}]");
    awaitAddresses(registry, "10.0.0.2");
    assertThat(scripted.asked.stream().filter(each -> each.contains("/other"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"error", "nonsense", "too large", "fifty megabytes without a length", "nothing listed"})
  void theLastCatalogStaysWhileAnswersCannotBeUsedAndIsCurrentAgainAfterwards(String trouble) throws IOException {
    ConsulRegistry registry = follow(SWEEP, 1 << 20);
    awaitAddresses(registry, "10.0.0.1");
    switch (trouble) {
      case "error" -> scripted.say(SERVICES, 500, 6, "No cluster leader");
      case "nonsense" -> scripted.say(SERVICES, 200, 6, "<html>busy</html>");
      case "fifty megabytes without a length" -> scripted.say(SERVICES, 200, 6, ScriptedConsul.FIFTY_MEGABYTES);
      case "too large" -> scripted.say(SERVICES, 200, 6, "{\"web\": []," + " ".repeat(2 << 20) + "\"x\": []}");
      default -> scripted.say(SERVICES, 200, 6, "{}");
    }
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(state(registry).kind()).isEqualTo(RegistryState.Kind.STALE));
    assertThat(state(registry).reason()).contains(switch (trouble) {
      case "error" -> "500 to /v1/catalog/services: No cluster leader";
      case "nonsense" -> "not the JSON";
      case "too large", "fifty megabytes without a length" -> "larger than 1 MiB";
      default -> "the token may see none";
    });
    assertThat(addresses(registry)).containsExactly("10.0.0.1");
    scripted.say("/v1/health/service/new", 200, 7, web("10.0.0.7").replace("\"web\"", "\"new\""));
    scripted.say(SERVICES, 200, 7, "{\"consul\": [], \"web\": [], \"new\": []}");
    await().atMost(Duration.ofSeconds(80)).untilAsserted(() -> {
      assertThat(addresses(registry)).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.7");
      assertThat(state(registry)).returns(RegistryState.Kind.CURRENT, RegistryState::kind).returns("", RegistryState::reason);
    });
  }

  @Test
  void anIndexThatGoesBackwardsBeginsAnew() throws IOException {
    ConsulRegistry registry = follow(SWEEP, 32 << 20);
    awaitAddresses(registry, "10.0.0.1");
    scripted.say("/v1/health/service/web", 200, 2, "[]");
    scripted.say(SERVICES, 200, 2, "{\"consul\": []}");
    awaitAddresses(registry);
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(scripted.asked).anyMatch(each -> each.startsWith(SERVICES) && each.contains("index=2&")));
  }

  @Test
  void fewerNodesThanServicesAreReadNodeByNodeAtFirstAndWhatChangesByService() throws IOException {
    scripted.say(SERVICES, 200, 5, "{\"consul\": [], \"web\": [], \"other\": []}");
    scripted.say(CHECKS, 200, 5, "[{\"Node\": \"n\", \"CheckID\": \"c\", \"Status\": \"critical\", \"ServiceID\": \"w\", \"ServiceName\": \"web\"}]");
    scripted.say("/v1/catalog/nodes", 200, 5, "[{\"Node\": \"n\"}]");
    scripted.say("/v1/catalog/node-services/n", 200, 5, onNode("10.0.0.1"));
    scripted.say("/v1/health/service/other", 200, 5, web("10.0.0.2").replace("\"web\"", "\"other\"").replace("\"w\"", "\"o\""));
    ConsulRegistry registry = follow(SWEEP, 32 << 20);
    awaitAddresses(registry, "10.0.0.1", "10.0.0.2");
    assertThat(scripted.asked).as("what the nodes did not have").anyMatch(each -> each.contains("/v1/health/service/other"));
    assertThat(scripted.asked).noneMatch(each -> each.contains("/v1/health/service/web"));
    assertThat(health(registry, "10.0.0.1")).isEqualTo(Health.UNHEALTHY);
    scripted.say("/v1/health/service/web", 200, 6, web("10.0.0.1"));
    scripted.say(CHECKS, 200, 6, "[{\"Node\": \"n\", \"CheckID\": \"c\", \"Status\": \"passing\", \"ServiceID\": \"w\", \"ServiceName\": \"web\"}]");
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(health(registry, "10.0.0.1")).isEqualTo(Health.HEALTHY));
  }

  @Test
  void anIndexOfZeroNeitherBlocksForEverNorAsksWithoutPause() throws IOException {
    ConsulRegistry registry = follow(SWEEP, 32 << 20);
    awaitAddresses(registry, "10.0.0.1");
    scripted.say(SERVICES, 200, 0, "{\"consul\": [], \"web\": []}");
    await().atMost(Duration.ofSeconds(40)).until(() -> asked(SERVICES) > 15);
    long before = asked(SERVICES);
    long began = System.nanoTime();
    await().atMost(Duration.ofSeconds(40)).until(() -> asked(SERVICES) >= before + 20);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).as("ten a second at most").isGreaterThan(Duration.ofMillis(1_500));
    scripted.say("/v1/health/service/new", 200, 7, web("10.0.0.7").replace("\"web\"", "\"new\"").replace("\"w\"", "\"n\""));
    scripted.say(SERVICES, 200, 0, "{\"consul\": [], \"web\": [], \"new\": []}");
    awaitAddresses(registry, "10.0.0.1", "10.0.0.7");
  }

  @Test
  void instancesThatCannotBeUsedAreLeftOutAndNamedAndTheOthersServe() throws IOException {
    String bad = web("10.0.0.300").replace("\"w\"", "\"bad address\"") + web("10.0.0.2").replace("\"w\"", "\"no port\"").replace(", \"Port\": 80", "");
    String twice = web("10.0.0.3").replace("{\"Node\": \"n\"", "{\"Node\": \"n2\"");
    scripted.say("/v1/health/service/web", 200, 5, (web("10.0.0.1") + bad + twice).replace("][", ","));
    ConsulRegistry registry = follow(SWEEP, 32 << 20);
    awaitAddresses(registry, "10.0.0.1", "10.0.0.3");
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(state(registry)).returns(RegistryState.Kind.CURRENT, RegistryState::kind)
        .satisfies(each -> assertThat(each.reason()).contains("is left out: ", "1 more")));
  }

  private long asked(String path) {
    return scripted.asked.stream().filter(each -> each.startsWith(path)).count();
  }

  private static Health health(ConsulRegistry registry, String address) {
    List<Catalog> seen = new java.util.ArrayList<>();
    registry.catalog().subscribe(seen::add).close();
    return seen.getLast().services().values().stream().flatMap(each -> each.endpoints().stream()).filter(each -> each.address().equals(address))
        .map(Endpoint::health).findFirst().orElseThrow();
  }

  @Test
  void theSweepFindsWhatNoPollTells() throws IOException {
    scripted.say("/v1/catalog/nodes", 200, 5, "[{\"Node\": \"n\"}]");
    scripted.say("/v1/catalog/node-services/n", 200, 5, onNode("10.0.0.1"));
    ConsulRegistry registry = follow(Duration.ofSeconds(1), 32 << 20);
    awaitAddresses(registry, "10.0.0.1");
    scripted.say("/v1/health/service/web", 200, 6, web("10.0.0.3"));
    scripted.say("/v1/catalog/node-services/n", 200, 6, onNode("10.0.0.3"));
    awaitAddresses(registry, "10.0.0.3");
  }

  @Test
  void theTokenIsAHeaderAndFollowsItsFile() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "first\n");
    ConsulRegistry registry = follow(SWEEP, 32 << 20, Optional.of(token));
    awaitAddresses(registry, "10.0.0.1");
    assertThat(Set.copyOf(scripted.tokens)).containsExactly("first");
    Path next = Files.writeString(folder.resolve("next"), "second\n");
    Files.setLastModifiedTime(next, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 5_000));
    Files.move(next, token, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    scripted.say(SERVICES, 200, 6, "{\"consul\": [], \"web\": [\"x\"]}");
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(scripted.tokens).contains("second"));
    assertThat(scripted.asked).noneMatch(each -> each.contains("first") || each.contains("token"));
  }

  @Test
  void whatWasKnownBeforeARestartIsInForceWhileConsulIsAwayAndConsulsFirstWordReplacesIt() throws IOException {
    scripted.say(SERVICES, 200, 5, "{\"consul\": [], \"web\": [], \"gone\": []}");
    scripted.say("/v1/health/service/gone", 200, 5, web("10.0.0.9").replace("\"web\"", "\"gone\"").replace("\"w\"", "\"g\""));
    ConsulRegistry before = follow(SWEEP, 32 << 20);
    awaitAddresses(before, "10.0.0.1", "10.0.0.9");
    LastView file = new LastView(folder.resolve("last-view.json"), scripted.address());
    new Memory(file, before).close();
    Objects.requireNonNull(followed).close();
    Objects.requireNonNull(consul).close();
    scripted.say(SERVICES, 500, 6, "No cluster leader");
    try (ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor()) {
      ConsulRegistry after = follow(SWEEP, 32 << 20);
      new Memory(file, after).recallAfter(Duration.ofMillis(10), timers);
      awaitAddresses(after, "10.0.0.1", "10.0.0.9");
      assertThat(state(after).kind()).isEqualTo(RegistryState.Kind.STALE);
      assertThat(state(after).reason()).contains("has not answered since the start");
      scripted.say(SERVICES, 200, 7, "{\"consul\": [], \"web\": []}");
      awaitAddresses(after, "10.0.0.1");
      await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(state(after)).returns(RegistryState.Kind.CURRENT, RegistryState::kind).returns("", RegistryState::reason));
      timers.shutdownNow();
    }
    assertThat(new LastView(folder.resolve("last-view.json"), "http://another:8500").read()).isEmpty();
    Files.writeString(folder.resolve("last-view.json"), "{\"form\": 1, \"agent\"");
    assertThat(file.read()).as("cut short").isEmpty();
  }

  private ConsulRegistry follow(Duration sweep, long answerLimit) throws IOException {
    return follow(sweep, answerLimit, Optional.empty());
  }

  private ConsulRegistry follow(Duration sweep, long answerLimit, Optional<Path> token) throws IOException {
    ConsulRegistry registry = new ConsulRegistry(new Wishes(List.of(""), "consul", "default", Protocol.HTTP, "", false));
    Consul asked = new Consul(new Agent(scripted.address(), token, Agent.Tls.NONE), Duration.ofSeconds(5), answerLimit);
    consul = asked;
    followed = Datacenter.follow("", asked, new Datacenter.Habits(Duration.ofSeconds(5), sweep, true, 2), registry);
    return registry;
  }

  private static void awaitAddresses(ConsulRegistry registry, String... addresses) {
    await().atMost(Duration.ofSeconds(80)).untilAsserted(() -> assertThat(addresses(registry)).containsExactlyInAnyOrder(addresses));
  }

  private static List<String> addresses(ConsulRegistry registry) {
    List<Catalog> seen = new java.util.ArrayList<>();
    registry.catalog().subscribe(seen::add).close();
    assertThat(seen).isNotEmpty();
    return seen.getLast().services().values().stream().flatMap(each -> each.endpoints().stream()).map(Endpoint::address).toList();
  }

  private static RegistryState state(ConsulRegistry registry) {
    List<RegistryState> seen = new java.util.ArrayList<>();
    registry.state().subscribe(seen::add).close();
    return seen.getLast();
  }

  private static String web(String address) {
    return "[{\"Node\": {\"Node\": \"n\", \"Address\": \"10.9.9.9\", \"Datacenter\": \"dc1\"}, \"Service\": {\"ID\": \"w\", \"Service\": \"web\","
        + " \"Address\": \"" + address + "\", \"Port\": 80, \"Weights\": {\"Passing\": 1, \"Warning\": 1}}, \"Checks\": []}]";
  }

  private static String onNode(String address) {
    return "{\"Node\": {\"Node\": \"n\"}, \"Services\": [{\"ID\": \"w\", \"Service\": \"web\", \"Address\": \"" + address
        + "\", \"Port\": 80, \"Weights\": {\"Passing\": 1, \"Warning\": 1}}]}";
  }
}
