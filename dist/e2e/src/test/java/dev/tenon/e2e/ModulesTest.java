package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.fixture.ThrowingAdapter;
import dev.tenon.e2e.mesh.Bookinfo;
import dev.tenon.e2e.mesh.Command;
import dev.tenon.e2e.mesh.Jars;
import dev.tenon.e2e.mesh.Load;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.TestMesh;
import dev.tenon.spi.policy.AdapterFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jars come and go in running processes, good ones and bad, and the traffic does not notice. */
@Tag("system")
class ModulesTest {
  private static final Member DETAILS = Bookinfo.DETAILS;
  private static final String SIDECAR = "details-v1";
  private static final String GATEWAY = "gateway";
  private static final String PATH = "/details/0";
  private static final String BUILD = "x-tenon-build";
  private static final Map<String, String> MARKED = Map.of("x-demo-block", "1");
  private static final Map<String, String> JOHN = Map.of("x-user", "john");
  /** Its windows follow one another from 1970 on: none ends soon. */
  private static final String QUOTA =
      """
      apiVersion: config.istio.io/v1alpha2
      kind: handler
      metadata: {name: limit}
      spec: {compiledAdapter: countquota, params: {amount: 2, window: 240000h}}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: instance
      metadata: {name: requests}
      spec: {compiledTemplate: quota, params: {dimensions: {user: 'request.headers["x-user"] | "nobody"'}}}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: rule
      metadata: {name: limited}
      spec: {match: 'destination.labels["app"] == "details"', actions: [{handler: limit, instances: [requests]}]}
      """;
  private static TestMesh mesh;

  @BeforeAll
  static void start() throws IOException {
    mesh = TestMesh.start("modules").gateway().workload(DETAILS).converged(2);
    mesh.apply(
        """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: front}
        spec:
          selector: {istio: ingressgateway}
          servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*"]}]
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: front}
        spec:
          hosts: ["*"]
          gateways: [front]
          http:
          - retries: {attempts: 0}
            route: [{destination: {host: details, port: {number: 9080}}}]
        """);
    mesh.until("an answer through the gateway", 20, () -> throughGateway().status() == 200);
  }

  @AfterAll
  static void end() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SIDECAR, GATEWAY})
  void aProxyIsReplacedUnderLoadAndBroughtBack(String process) throws IOException {
    String shipped = build(process);
    Path jar = Jars.rebuilt(mesh.run().resolve("another.jar"), mesh.distribution().proxy(), 7, entry -> true);
    try (Load load = load(process)) {
      load.hold(100);
      Path dropped = Jars.drop(jar, plugins(process), "tenon-proxy.jar");
      mesh.until("the other build to answer", 20, () -> !build(process).equals(shipped));
      assertThat(build(process)).contains("0.1.7");
      load.hold(100);
      Files.delete(dropped);
      mesh.until("the shipped build to answer again", 20, () -> build(process).equals(shipped));
      load.hold(100);
      assertThat(load.failures()).isEmpty();
      assertThat(load.reconnects()).as("connections are handed over, not closed").isZero();
      assertThat(load.kinds()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SIDECAR, GATEWAY})
  void aProxyThatDoesNotStartIsRolledBack(String process) throws IOException {
    String shipped = build(process);
    Path broken =
        Jars.rebuilt(
            mesh.run().resolve("broken.jar"),
            mesh.distribution().proxy(),
            8,
            entry -> !entry.endsWith("/Activator.class"));
    try (Load load = load(process)) {
      load.hold(30);
      Path dropped = Jars.drop(broken, plugins(process), "tenon-proxy.jar");
      untilTold(process, "tenon-proxy", "Activator");
      load.hold(100);
      Files.delete(dropped);
      assertThat(load.failures()).isEmpty();
      assertThat(load.reconnects()).isZero();
      assertThat(load.kinds()).containsOnlyKeys(shipped);
    }
    assertThat(mesh.modules(process).getReady()).isTrue();
  }

  @Test
  void badJarsAreRefusedWithTheReasonAndTrafficGoesOn() throws IOException {
    Path staging = mesh.run();
    try (Load load = load(SIDECAR)) {
      load.hold(30);
      Jars.drop(
          Jars.truncated(staging.resolve("staged.jar"), mesh.distribution().headerguard()),
          plugins(SIDECAR), "cut-short.jar");
      Jars.drop(Jars.plain(staging.resolve("staged.jar"), ThrowingAdapter.class, ""), plugins(SIDECAR), "nothing.jar");
      Jars.drop(
          Jars.plain(staging.resolve("staged.jar"), ThrowingAdapter.class, AdapterFactory.class.getName()),
          plugins(SIDECAR), "throwing.jar");
      untilTold(SIDECAR, "cut-short", "(?i)truncated|broken|damaged|not a (whole |readable )?(jar|zip)|cannot be read");
      untilTold(SIDECAR, "nothing", "(?i)service|offers nothing|activator");
      untilTold(SIDECAR, "throwing", "the licence server is on holiday");
      load.hold(50);
      assertThat(load.failures()).isEmpty();
      assertThat(load.reconnects()).isZero();
    }
    for (String jar : new String[] {"cut-short.jar", "nothing.jar", "throwing.jar"}) {
      Files.delete(plugins(SIDECAR).resolve(jar));
    }
    assertThat(mesh.modules(SIDECAR).getReady()).isTrue();
  }

  @Test
  void anAdapterActsWhileItsJarIsThere() throws IOException {
    mesh.apply(rule("closed"));
    mesh.until("the absent adapter to close its rule", 10, () -> inbound(Map.of()).status() >= 400);

    mesh.apply(rule("open"));
    mesh.until("the open rule to let pass", 10, () -> inbound(MARKED).status() == 200);

    mesh.apply(rule("closed"));
    mesh.until("the absent adapter to close its rule", 10, () -> inbound(Map.of()).status() >= 400);
    Path staged = Files.copy(mesh.distribution().headerguard(), mesh.run().resolve("headerguard.jar"));
    Path dropped = Jars.drop(staged, plugins(SIDECAR), "headerguard.jar");
    mesh.until("the adapter to judge", 10, () -> inbound(Map.of()).status() == 200);
    Answer denied = inbound(MARKED);
    assertThat(denied.status()).isEqualTo(403);
    assertThat(denied.body()).startsWith("PERMISSION_DENIED:").contains("no marked requests");
    mesh.untilLogged(SIDECAR, "\" 403 UAEX.*");

    Files.delete(dropped);
    mesh.until("the absent adapter to close its rule again", 10, () -> inbound(Map.of()).status() >= 400);
    assertThat(mesh.tenon("delete", "rule", "guarded").exit()).isZero();
    mesh.until("no rule", 10, () -> inbound(MARKED).status() == 200);
  }

  @Test
  void aQuotaIsKeptAndWhatWasTakenOutOfItSurvivesASwapOfItsJar() throws IOException {
    Path staging = mesh.run();
    mesh.apply(QUOTA);
    mesh.until("the absent adapter to close its rule", 10, () -> inbound(Map.of()).status() == 503);
    Jars.drop(Files.copy(mesh.distribution().countquota(), staging.resolve("quota.jar")), plugins(SIDECAR), "countquota.jar");
    mesh.until("the quota to be there", 10, () -> inbound(Map.of()).status() != 503);
    assertThat(inbound(JOHN).status()).isEqualTo(200);
    assertThat(inbound(JOHN).status()).isEqualTo(200);
    Answer third = inbound(JOHN);
    assertThat(third.status()).isEqualTo(429);
    assertThat(third.body()).startsWith("RESOURCE_EXHAUSTED:limit.default:Quota is exhausted for: requests");

    Path next = Jars.rebuilt(staging.resolve("quota.jar"), mesh.distribution().countquota(), 7, entry -> true);
    Path dropped = Jars.drop(next, plugins(SIDECAR), "countquota.jar");
    untilTold(SIDECAR, "countquota", "switched from ");
    assertThat(inbound(JOHN).status()).as("after a swap").isEqualTo(429);
    assertThat(inbound(Map.of("x-user", "jane")).status()).isEqualTo(200);

    assertThat(mesh.tenon("delete", "rule", "limited").exit()).isZero();
    mesh.until("no rule", 10, () -> inbound(JOHN).status() == 200);
    Files.delete(dropped);
  }

  @Test
  void anOperatorDoesItAllByCommandAndTheTrafficDoesNotNotice() throws IOException {
    Path jar = Files.copy(mesh.distribution().headerguard(), mesh.run().resolve("headerguard-3.jar"));
    Path empty = Files.createDirectories(mesh.run().resolve("nothing"));
    try (Load load = load(SIDECAR)) {
      load.hold(30);
      assertThat(module("install", jar.toString()).out()).contains("is active");
      assertThat(module("list").out()).containsPattern("headerguard +\\S+ +active");
      assertThat(module("plan", empty.toString()).out()).contains("remove headerguard");
      assertThat(module("show", "headerguard", "-o", "json").out()).contains("\"kept\"", "\"switched\"");
      Command.Result refused = module("remove", "proxy");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("the profile needs proxy");
      assertThat(module("swap", mesh.distribution().proxy().toString()).out()).contains("runs already");
      assertThat(module("remove", "headerguard").out()).contains("headerguard is removed");
      assertThat(module("history", "headerguard").out()).contains("asked", "switched", "removed");
      load.hold(30);
      assertThat(load.failures()).isEmpty();
      assertThat(load.reconnects()).isZero();
    }
  }

  /** Against the sidecar's run directory. */
  private static Command.Result module(String... words) {
    List<String> all = new ArrayList<>(List.of("module"));
    all.addAll(List.of(words));
    all.addAll(List.of("--target", mesh.run(SIDECAR).toString()));
    return Command.run(mesh.distribution(), mesh.run(), all.toArray(String[]::new));
  }

  private static String rule(String onFailure) {
    return """
    apiVersion: config.istio.io/v1alpha2
    kind: handler
    metadata: {name: guard}
    spec: {compiledAdapter: headerguard, params: {header: x-demo-block, message: no marked requests}}
    ---
    apiVersion: config.istio.io/v1alpha2
    kind: instance
    metadata: {name: anything}
    spec: {compiledTemplate: checknothing}
    ---
    apiVersion: config.istio.io/v1alpha2
    kind: rule
    metadata: {name: guarded, annotations: {policy.tenon.dev/on-failure: %s}}
    spec: {match: 'destination.labels["app"] == "details"', actions: [{handler: guard, instances: [anything]}]}
    """
        .formatted(onFailure);
  }

  /** Waits until a process has told an event of a module or jar, with a reason that fits. */
  private static void untilTold(String process, String module, String reason) {
    mesh.until(
        process + " to tell of " + module + ": " + reason,
        15,
        () ->
            mesh.modules(process).getEventsList().stream()
                .map(event -> event.getModule() + " " + event.getEvent() + " " + event.getDetail())
                .anyMatch(told -> told.contains(module) && told.matches("(?s).*(" + reason + ").*")));
  }

  private static Path plugins(String process) {
    return mesh.run(process).resolve("plugins");
  }

  private static Load load(String process) {
    return process.equals(GATEWAY)
        ? mesh.throughGateway(PATH, 100)
        : mesh.inbound(DETAILS, PATH, 100, answer -> answer.header(BUILD));
  }

  private static String build(String process) {
    return (process.equals(GATEWAY) ? throughGateway() : inbound(Map.of())).header(BUILD);
  }

  private static Answer throughGateway() {
    return mesh.throughGateway(PATH, Map.of());
  }

  private static Answer inbound(Map<String, String> headers) {
    return TestMesh.get(mesh.address(DETAILS), Member.SERVICE_PORT, PATH, headers);
  }
}
