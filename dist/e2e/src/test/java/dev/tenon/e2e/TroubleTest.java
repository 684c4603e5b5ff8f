package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.mesh.Load;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.TestMesh;
import dev.tenon.wire.admin.v1.ApplyResponse;
import dev.tenon.wire.admin.v1.Finding;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes die, are stopped, or are routed to and not there: a caller, and a service with two endpoints. */
@Tag("system")
class TroubleTest {
  private static final Member CALLER = new Member("ratings", "v1", 16);
  private static final Member FIRST = new Member("details", "v1", 12);
  private static final Member SECOND = new Member("details", "v2", 13);
  private static final String URL = "http://details:9080/details/0";

  /** Shorter than the control plane is away in one of the tests. */
  private static final String LEASE = "agent: {timeToLive: 8s}\n";

  private static final String SUBSETS =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: details}
      spec:
        host: details
        subsets:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
        - {name: nobody, labels: {version: v9}}
      """;

  private static TestMesh mesh;

  @BeforeAll
  static void start() throws IOException {
    mesh = TestMesh.start("trouble");
    mesh.sidecar(CALLER, LEASE);
    for (Member member : List.of(FIRST, SECOND)) {
      mesh.sidecar(member, LEASE).application(member);
    }
    mesh.converged(3);
    mesh.route(SUBSETS);
  }

  @AfterAll
  static void end() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  @BeforeEach
  void bothAnswer() {
    // What the last test ended and, failing, did not start again.
    for (Member member : List.of(FIRST, SECOND)) {
      if (!mesh.processes().runs(member.name())) {
        mesh.sidecar(member, LEASE);
      }
      if (!mesh.processes().runs(TestMesh.application(member.name()))) {
        mesh.application(member);
      }
    }
    mesh.converged(3);
    mesh.route(toDetails("retries: {attempts: 0}", "details"));
    assertThat(call().status()).isEqualTo(200);
  }

  @Test
  void aKilledControlPlaneIsNotMissed() throws IOException {
    try (Load load = load(100)) {
      load.hold(50);
      mesh.killControlPlane();
      load.hold(900);

      mesh.restartControlPlane();
      assertThat(mesh.control().status().getRegistries(0).getWorkloads()).as("leases read back").isEqualTo(3);
      mesh.until("every proxy to be connected and level", 5, () -> mesh.level(3));
      load.hold(100);
      assertThat(load.failures()).isEmpty();
      assertThat(load.reconnects()).isZero();
    }
    mesh.route(toDetails("fault: {abort: {httpStatus: 418, percentage: {value: 100}}}", "details"));
    assertThat(call().status()).isEqualTo(418);
  }

  @Test
  void aKilledApplicationIs503AndItsSidecarSaysWhy() {
    mesh.route(toDetails("retries: {attempts: 0}", "details, subset: v1"));
    mesh.processes().kill(TestMesh.application(FIRST.name()));
    assertThat(call().status()).isEqualTo(503);
    mesh.untilLogged(FIRST.name(), "\" 503 UF.*");

    mesh.application(FIRST);
    mesh.until("the application to answer again", 10, () -> call().status() == 200);
  }

  @Test
  void aKilledApplicationIsNotMissedWhereTheRouteRetries() {
    mesh.route(toDetails("retries: {attempts: 2, retryOn: 5xx}", "details"));
    try (Load load = load(60)) {
      load.hold(30);
      mesh.processes().kill(TestMesh.application(SECOND.name()));
      load.hold(150);
      assertThat(load.failures()).isEmpty();
      mesh.application(SECOND);
      mesh.untilListening(SECOND);
      load.hold(30);
      assertThat(load.failures()).isEmpty();
    }
    mesh.untilLogged(SECOND.name(), "\" 503 UF.*");
  }

  @Test
  void aKilledSidecarIsNotMissedWhereTheRouteRetries() {
    mesh.route(toDetails("retries: {attempts: 2, retryOn: \"connect-failure,reset,503\"}", "details"));
    try (Load load = load(60)) {
      load.hold(30);
      mesh.processes().kill(SECOND.name());
      load.hold(150);
      assertThat(load.failures()).isEmpty();
      mesh.sidecar(SECOND, LEASE);
      mesh.converged(3);
      load.hold(30);
      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void aStoppedSidecarLeavesAtOnceAndLosesNoRequest() {
    try (Load load = load(100)) {
      load.hold(50);
      mesh.processes().stop(SECOND.name());
      assertThat(mesh.control().status().getRegistries(0).getWorkloads()).isEqualTo(2);
      load.hold(100);
      assertThat(load.failures()).isEmpty();
      assertThat(load.reconnects()).isZero();
    }
  }

  @Test
  void aSidecarThatStartsIsCalledOnceItListensAndLosesNoRequest() {
    mesh.processes().stop(SECOND.name());
    try (Load load = load(100)) {
      load.hold(20);
      mesh.sidecar(SECOND, LEASE);
      mesh.converged(3);
      load.hold(100);
      assertThat(load.failures()).isEmpty();
      assertThat(load.reconnects()).isZero();
    }
  }

  @Test
  void aSubsetWithoutEndpointsIs503AndTheLogSaysSo() {
    mesh.route(toDetails("retries: {attempts: 0}", "details, subset: nobody"));
    assertThat(call().status()).isEqualTo(503);
    mesh.untilLogged(CALLER.name(), "\" 503 UH.*");
  }

  @Test
  void aSubsetThatIsNotDefinedIs503AndTheLogSaysSo() {
    mesh.route(toDetails("retries: {attempts: 0}", "details, subset: forgotten"));
    assertThat(call().status()).isEqualTo(503);
    mesh.untilLogged(CALLER.name(), "\" 503 (NC|UH).*");
  }

  @Test
  void aRouteThatLeadsNowhereWarnsAndIsRefusedWhenStrict() {
    var lost = mesh.written("lost.yaml", toDetails("timeout: 3s", "details, subset: forgotten"));
    ApplyResponse strict = mesh.offer(lost, true);
    assertThat(strict.getAccepted()).isFalse();
    assertThat(strict.getFindingsList()).extracting(Finding::getCode).contains("IST0101");
    assertThat(call().status()).isEqualTo(200);

    ApplyResponse lenient = mesh.offer(lost, false);
    assertThat(lenient.getAccepted()).isTrue();
    assertThat(lenient.getFindingsList())
        .anySatisfy(
            finding -> {
              assertThat(finding.getSeverity()).isEqualTo("warning");
              assertThat(finding.getCode()).isEqualTo("IST0101");
              assertThat(finding.getMessage()).contains("forgotten");
            });
  }

  @Test
  void aHostThatNobodyHasIsNotProxied() {
    Answer answer = mesh.call(CALLER, "http://nobody.example/", Map.of());
    assertThat(answer.status()).isEqualTo(502);
    mesh.untilLogged(CALLER.name(), "\" 502 .*nobody.example.*");
  }

  private static Answer call() {
    return mesh.call(CALLER, URL, Map.of());
  }

  private static Load load(int perSecond) {
    return mesh.calls(CALLER, URL, perSecond, answer -> "");
  }

  /** A VirtualService with one route. */
  private static String toDetails(String how, String destination) {
    return """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: details}
    spec:
      hosts: [details]
      http:
      - route: [{destination: {host: %s}}]
        %s
    """
        .formatted(destination, how);
  }
}
