package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.Counting;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.Paced;
import dev.tenon.e2e.mesh.RedisPeer;
import dev.tenon.e2e.mesh.SlowWire;
import dev.tenon.e2e.mesh.Swap;
import dev.tenon.e2e.mesh.TestMesh;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What counts, or knows a list, is lost, full or replaced, while requests come: the rule says what becomes of them, nobody waits longer than
 * the deadline, and nothing has to be restarted afterwards.
 */
@Tag("system")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PolicyFaultsTest {
  private static final Member DETAILS = new Member("details", "v1", 12);

  /** Where counts are asked for and not times: a machine that stands still for a moment is not to be a failure. */
  private static final Member PATIENT = new Member("ratings", "v1", 16);

  private static final String HEADER = "x-limit";
  private static final int LIST_HOST = 92;
  private static final int LIST_PORT = 8000;
  private static final long DEADLINE_MILLIS = 500;

  /** For the way to the sidecar and through it. */
  private static final long WAY_MILLIS = 400;

  private static TestMesh mesh;
  private static RedisPeer redis;
  private static SlowWire wire;
  private static Counting application;

  /** Requests that no rule concerns: what they have to wait for is this machine's doing. */
  private static Paced others;

  @BeforeAll
  static void start() throws IOException {
    redis = RedisPeer.started();
    wire = new SlowWire(redis.address());
    mesh = TestMesh.start("policy-faults").sidecar(DETAILS).sidecar(PATIENT, "mixer: {shared: {deadline: 10s}}\n");
    application = new Counting(HEADER).at(mesh.address(DETAILS), Member.APPLICATION_PORT).at(mesh.address(PATIENT), Member.APPLICATION_PORT);
    mesh.converged(2);
    others = Paced.start(mesh.address(DETAILS), Member.SERVICE_PORT, Map.of(), 60, 4);
  }

  @AfterAll
  static void end() throws IOException {
    for (AutoCloseable each : new AutoCloseable[] {others, mesh, wire, redis, application}) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }

  /** A limit in an hour, and what becomes of requests when it cannot be asked. */
  private static String limit(String name, int amount, String onFailure) {
    return limit(DETAILS, name, amount, onFailure, "FIXED_WINDOW");
  }

  /** The same, asked for at one of the two until it is in force there. */
  private static String limit(Member at, String name, int amount, String onFailure, String algorithm) {
    boolean inRedis = name.startsWith("redis");
    String yaml =
        """
        apiVersion: config.istio.io/v1alpha2
        kind: handler
        metadata: {name: %1$s, namespace: istio-system}
        spec:
          compiledAdapter: %2$s
          params: {%3$s quotas: [{name: quota-%1$s, maxAmount: %4$d, validDuration: 1h, rateLimitAlgorithm: %6$s}]}
        ---
        apiVersion: config.istio.io/v1alpha2
        kind: instance
        metadata: {name: quota-%1$s, namespace: istio-system}
        spec: {compiledTemplate: quota, params: {dimensions: {limit: 'request.headers["x-limit"]'}}}
        ---
        apiVersion: config.istio.io/v1alpha2
        kind: rule
        metadata: {name: %1$s, namespace: istio-system, annotations: {policy.tenon.dev/on-failure: %5$s}}
        spec:
          match: (request.headers["x-limit"] | "") == "%1$s"
          actions: [{handler: %1$s, instances: [quota-%1$s]}]
        """
            .formatted(name, inRedis ? "redisquota" : "memquota", inRedis ? "redisServerUrl: \"" + wire.address() + "\"," : "", amount, onFailure, algorithm);
    mesh.apply(yaml);
    mesh.until(name + " to be in force", 20, () -> ask(at, name).header("x-ratelimit-limit").equals("" + amount));
    return name;
  }

  private static Answer ask(Member at, String name) {
    return TestMesh.get(mesh.address(at), Member.SERVICE_PORT, "/", Map.of(HEADER, name));
  }

  private static Paced load(String name, int perSecond) {
    return load(DETAILS, name, perSecond);
  }

  private static Paced load(Member at, String name, int perSecond) {
    return Paced.start(mesh.address(at), Member.SERVICE_PORT, Map.of(HEADER, name), perSecond, 20);
  }

  private static void hold(Paced load, int more) {
    long until = load.all() + more;
    mesh.until(more + " more answers", 30, () -> load.all() >= until);
  }

  /** Soon every answer is such: ninety, one after the other. */
  private static void expectOnly(Paced load, int status, String why) {
    mesh.until(why + ": nothing but " + status + " to be answered", 30, () -> {
      Map<Integer, Long> before = load.statuses();
      hold(load, 90);
      return load.statuses().entrySet().stream()
          .allMatch(each -> each.getKey() == status || each.getValue().equals(before.getOrDefault(each.getKey(), 0L)));
    });
  }

  private static void assertNobodyWaited(Paced load) {
    long longest = load.longestMillis();
    long machine = others.longestMillis();
    System.out.println("the longest that anybody waited: " + longest + " ms, and of requests without a rule: " + machine + " ms");
    assertThat(longest).as("the longest that anybody waited, in ms").isLessThan(DEADLINE_MILLIS + WAY_MILLIS + 3 * machine);
  }

  /** What is looked at from now on. */
  private static void forgetTimes(Paced load) {
    load.longestMillis();
    others.longestMillis();
  }

  @ParameterizedTest
  @Order(1)
  @ValueSource(strings = {"closed", "open"})
  void redisIsKilledAndComesBack(String onFailure) {
    String name = limit("redis-killed-" + onFailure, 1_000_000, onFailure);
    try (Paced load = load(name, 60)) {
      hold(load, 20);
      forgetTimes(load);
      redis.kill();
      expectOnly(load, failed(onFailure), "without Redis");
      assertNobodyWaited(load);
      redis.restart();
      expectOnly(load, 200, "with Redis again");
      assertThat(load.of(0)).isZero();
    }
  }

  private static int failed(String onFailure) {
    return onFailure.equals("open") ? 200 : 503;
  }

  /** Two trips are the most that anybody waits for, and they fit into the deadline. */
  @ParameterizedTest
  @Order(2)
  @ValueSource(strings = {"FIXED_WINDOW", "ROLLING_WINDOW"})
  void redisIsSlowAndCountsAllTheSame(String algorithm) {
    String name = limit(DETAILS, "redis-slow-" + (algorithm.startsWith("F") ? "fixed" : "rolling"), 150, "closed", algorithm);
    try (Paced load = load(name, 60)) {
      hold(load, 10);
      wire.delay(200);
      forgetTimes(load);
      mesh.until("the limit, slowly", 30, () -> load.of(429) > 60);
      assertNobodyWaited(load);
      assertThat(load.of(503)).as("those for whom this machine was late as well").isLessThanOrEqualTo(load.all() / 50);
      assertThat(load.of(0)).isZero();
      assertThat(application.of(name)).isBetween(140L, 150L);
    } finally {
      wire.delay(0);
    }
  }

  @ParameterizedTest
  @Order(3)
  @ValueSource(strings = {"closed", "open"})
  void redisHasNoMemoryLeft(String onFailure) throws IOException {
    String name = limit("redis-full-" + onFailure, 1_000_000, onFailure);
    try (Paced load = load(name, 60)) {
      hold(load, 20);
      forgetTimes(load);
      redis.ask("CONFIG SET maxmemory-policy noeviction");
      redis.ask("CONFIG SET maxmemory 1");
      expectOnly(load, failed(onFailure), "no memory");
      assertNobodyWaited(load);
      redis.ask("CONFIG SET maxmemory 0");
      expectOnly(load, 200, "with memory again");
    } finally {
      redis.ask("CONFIG SET maxmemory 0");
    }
  }

  @ParameterizedTest
  @Order(4)
  @ValueSource(strings = {"closed", "open"})
  void thePolicyServiceIsCutOff(String onFailure) throws IOException, InterruptedException {
    String usedUp = limit("used-up-" + onFailure, 50, onFailure);
    String plenty = limit("plenty-" + onFailure, 1_000_000, onFailure);
    try (Paced refused = load(usedUp, 60); Paced load = load(plenty, 60)) {
      expectOnly(refused, 429, "the limit");
      forgetTimes(load);
      signal("STOP");
      try {
        expectOnly(load, failed(onFailure), "cut off");
        assertNobodyWaited(load);
        // What is sure to be refused for an hour needs nobody to be asked.
        expectOnly(refused, 429, "cut off, and refused before");
      } finally {
        signal("CONT");
      }
      expectOnly(load, 200, "back");
      expectOnly(refused, 429, "back");
    }
    assertThat(application.of(usedUp)).isLessThanOrEqualTo(50);
  }

  @ParameterizedTest
  @Order(4)
  @ValueSource(strings = {"memory", "redis"})
  void whatAnOperatorForgetsIsThereAboutASecondLaterForWhoWasRefused(String where) {
    String name = limit(where + "-forgotten", 50, "closed");
    try (Paced load = load(name, 60)) {
      expectOnly(load, 429, "the limit");
      long before = load.of(200);
      Command.Result reset = mesh.tenon("policy", "reset", name + ".istio-system");
      assertThat(reset.exit()).as(reset.err()).isZero();
      assertThat(reset.out()).isEqualTo("1 counter forgotten\n");
      mesh.until("requests to go on", 5, () -> load.of(200) > before);
      expectOnly(load, 429, "the limit again");
      assertThat(load.of(503) + load.of(0)).isZero();
    }
    assertThat(application.of(name)).isBetween(90L, 100L);
  }

  private static void signal(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, "" + mesh.processes().pid("control-plane")).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** More than is asked for while modules are replaced, on a machine that needs minutes for that. */
  private static final int SWAPPED = 12_000;

  @Test
  @Order(5)
  void mixerAndThenTheAdapterAreReplacedUnderLoadAndNoCountIsLost() throws IOException {
    String inMemory = limit(PATIENT, "swapped", SWAPPED, "closed", "FIXED_WINDOW");
    String inRedis = limit(PATIENT, "redis-swapped", SWAPPED, "closed", "FIXED_WINDOW");
    try (Paced one = load(PATIENT, inMemory, 60); Paced other = load(PATIENT, inRedis, 60)) {
      hold(one, 60);
      Swap.thereAndBack(mesh, "control-plane", "mixer", () -> hold(one, 60));
      Swap.thereAndBack(mesh, "control-plane", "adapter-memquota", () -> hold(one, 60));
      Swap.thereAndBack(mesh, "control-plane", "adapter-redisquota", () -> hold(one, 60));
      assertThat(one.of(503) + one.of(0) + other.of(503) + other.of(0)).as("requests that failed").isZero();
      assertThat(one.of(429) + other.of(429)).as("the limit is not reached yet").isZero();
    }
    try (Paced one = load(PATIENT, inMemory, 1_500); Paced other = load(PATIENT, inRedis, 1_500)) {
      expectOnly(one, 429, "the limit");
      expectOnly(other, 429, "the limit");
    }
    assertThat(application.of(inMemory)).as("let go on before, while and after it").isBetween(SWAPPED - 300L, (long) SWAPPED);
    assertThat(application.of(inRedis)).isBetween(SWAPPED - 300L, (long) SWAPPED);
  }

  @ParameterizedTest
  @Order(6)
  @ValueSource(strings = {"closed", "open"})
  void thePolicyServiceIsKilledAndComesBack(String onFailure) {
    String name = limit("redis-service-" + onFailure, 300, onFailure);
    try (Paced load = load(name, 60)) {
      hold(load, 20);
      forgetTimes(load);
      mesh.killControlPlane();
      expectOnly(load, failed(onFailure), "killed");
      assertNobodyWaited(load);
      mesh.restartControlPlane();
      expectOnly(load, 429, "asked again, until the limit");
      if (onFailure.equals("closed")) {
        assertThat(application.of(name)).as("Redis knows what was spent").isBetween(270L, 300L);
      }
    }
  }

  /** Until there is a first list the rule decides; afterwards the last good one holds. */
  @ParameterizedTest
  @Order(7)
  @ValueSource(strings = {"closed", "open"})
  void theProviderOfAListIsAbsentComesGoesAndComesBack(String onFailure) throws IOException {
    mesh.apply(
        """
        apiVersion: config.istio.io/v1alpha2
        kind: handler
        metadata: {name: banned-%1$s, namespace: istio-system}
        spec:
          compiledAdapter: listchecker
          params: {providerUrl: "http://%2$s:%3$d/list", refreshInterval: 1s, cachingInterval: 1ms, cachingUseCount: 1, blacklist: true}
        ---
        apiVersion: config.istio.io/v1alpha2
        kind: instance
        metadata: {name: who-%1$s, namespace: istio-system}
        spec: {compiledTemplate: listentry, params: {value: 'request.headers["x-user"]'}}
        ---
        apiVersion: config.istio.io/v1alpha2
        kind: rule
        metadata: {name: banned-%1$s, namespace: istio-system, annotations: {policy.tenon.dev/on-failure: %1$s}}
        spec:
          match: (request.headers["x-list"] | "") == "%1$s"
          actions: [{handler: banned-%1$s, instances: [who-%1$s]}]
        """
            .formatted(onFailure, mesh.address(LIST_HOST), LIST_PORT));
    mesh.until("the rule to be in force without a list", 20, () -> status(onFailure, "ann") == failed(onFailure) && isStale(onFailure));
    HttpServer provider = provider("ann");
    mesh.until("the list", 20, () -> status(onFailure, "ann") == 403 && status(onFailure, "bob") == 200 && !isStale(onFailure));
    provider.stop(0);
    mesh.until("the list to be old", 20, () -> isStale(onFailure));
    assertThat(status(onFailure, "ann")).as("the last good list").isEqualTo(403);
    assertThat(status(onFailure, "bob")).isEqualTo(200);
    provider = provider("bob");
    mesh.until("the new list", 20, () -> status(onFailure, "ann") == 200 && status(onFailure, "bob") == 403 && !isStale(onFailure));
    provider.stop(0);
  }

  private static HttpServer provider(String list) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(mesh.address(LIST_HOST), LIST_PORT), 8);
    server.createContext("/list", exchange -> {
      byte[] body = list.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    return server;
  }

  private static int status(String onFailure, String user) {
    return TestMesh.get(mesh.address(DETAILS), Member.SERVICE_PORT, "/", Map.of("x-list", onFailure, "x-user", user)).status();
  }

  private static boolean isStale(String onFailure) {
    return TestMesh.get(mesh.address(DETAILS), Member.ADMIN_PORT, "/stats/prometheus", Map.of()).body()
        .lines().anyMatch(line -> line.matches("listchecker_stale.*banned-" + onFailure + ".* 1(\\.0)?"));
  }
}
