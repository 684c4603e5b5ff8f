package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.mesh.Load;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.StoppableApplication;
import dev.tenon.e2e.mesh.TestMesh;
import dev.tenon.wire.admin.v1.ServiceHealth;
import dev.tenon.wire.admin.v1.StatusResponse;
import dev.tenon.wire.admin.v1.WorkloadHealth;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Two hosts of a service that calls another: they are stopped and started again, fall ill and get well. */
@Tag("system")
class HostsComeAndGoTest {
  private static final int RESTARTS = Integer.getInteger("tenon.restarts", 50);
  private static final int CLIENTS_OF_LOAD = 4;
  private static final Member CALLER = new Member("ratings", "v1", 16);
  private static final Member FIRST = new Member("reviews", "v2", 14);
  private static final Member SECOND = new Member("reviews", "v3", 15);
  private static final String URL = "http://reviews:9080/";
  private static final String PROBE =
      "probe: {httpGet: {port: 8080, path: /health}, periodSeconds: 1, timeoutSeconds: 10, failureThreshold: 1}";

  /** A thread for each, since the common pool may have but one. */
  private static final Executor ASIDE = task -> Thread.ofVirtual().start(task);

  private static final Map<Member, StoppableApplication> APPLICATIONS = new LinkedHashMap<>();
  private static TestMesh mesh;

  @BeforeAll
  static void start() throws IOException {
    mesh = TestMesh.start("hosts");
    mesh.sidecar(CALLER);
    APPLICATIONS.put(CALLER, new StoppableApplication(CALLER.name(), mesh.address(CALLER), StoppableApplication.nobody()));
    for (Member member : List.of(FIRST, SECOND)) {
      startApplication(member);
      mesh.probedSidecar(member, PROBE);
    }
    untilWell();
  }

  @AfterAll
  static void end() throws IOException {
    APPLICATIONS.values().forEach(StoppableApplication::close);
    if (mesh != null) {
      mesh.close();
    }
  }

  private static void startApplication(Member member) throws IOException {
    APPLICATIONS.put(
        member,
        new StoppableApplication(
            member.name(),
            mesh.address(member),
            () -> TestMesh.get(mesh.address(member), Member.OUTBOUND_PORT, "http://ratings:9080/", Map.of())));
  }

  private static StoppableApplication application(Member member) {
    return java.util.Objects.requireNonNull(APPLICATIONS.get(member));
  }

  private static StatusResponse status() {
    return mesh.control().status();
  }

  private static void untilWell() {
    mesh.converged(3);
    mesh.until("every host to be healthy", 20, () -> status().getAilingCount() == 0);
    mesh.converged(3);
  }

  /** A steady load of so many requests a second in all. */
  private static List<Load> load(int perSecond) {
    List<Load> loads = new ArrayList<>();
    for (int i = 0; i < CLIENTS_OF_LOAD; i++) {
      loads.add(mesh.calls(CALLER, URL, perSecond / CLIENTS_OF_LOAD, Answer::body));
    }
    return loads;
  }

  @Test
  void hostsAreRestartedOneAfterTheOtherAndNobodyNotices(TestReporter reporter) throws Exception {
    List<Load> loads = load(500);
    long began = System.nanoTime();
    List<String> failures = new ArrayList<>();
    try {
      loads.getFirst().hold(50);
      for (int restart = 0; restart < RESTARTS; restart++) {
        failures.addAll(restart(restart % 2 == 0 ? FIRST : SECOND));
      }
      loads.getFirst().hold(50);
    } finally {
      loads.forEach(Load::close);
    }
    int requests = loads.stream().mapToInt(Load::requests).sum();
    double seconds = (System.nanoTime() - began) / 1e9;
    reporter.publishEntry("load", "%d restarts, %d requests, %.0f a second".formatted(RESTARTS, requests, requests / seconds));
    loads.forEach(load -> failures.addAll(load.failures()));
    assertThat(failures).isEmpty();
    assertThat(loads.getFirst().kinds().keySet()).as("both hosts have answered").contains(FIRST.name(), SECOND.name());
  }

  /** Stops a host's sidecar and application and starts them again; what failed meanwhile. */
  private static List<String> restart(Member member) throws Exception {
    StoppableApplication application = application(member);
    // One request that outlasts the announcement: it is answered, with a call of the application's own at its end.
    CompletableFuture<Answer> slow = CompletableFuture.supplyAsync(() -> TestMesh.get(mesh.address(member), Member.SERVICE_PORT, "/slow", Map.of()), ASIDE);
    application.untilSlow();
    CompletableFuture<Void> stopping =
        CompletableFuture.runAsync(
            () -> {
              long until = System.nanoTime() + Duration.ofMillis(400).toNanos();
              while (System.nanoTime() < until) {
                application.callOut();
                LockSupport.parkNanos(10_000_000);
              }
              mesh.until(member.name() + " to have left", 10, () -> status().getRegistries(0).getWorkloads() == 2);
              application.endSlow();
            },
            ASIDE);
    mesh.processes().stop(member.name());
    stopping.join();
    List<String> failures = new ArrayList<>(application.failures());
    if (slow.join().status() != 200) {
      failures.add("a request that was under way was answered " + slow.join());
    }
    application.close();
    startApplication(member);
    mesh.probedSidecar(member, PROBE);
    untilWell();
    return failures;
  }

  @Test
  void whoeverFallsIllIsCalledNoMoreUnlessNobodyIsWell() {
    double panics = panics();
    try (Load load = mesh.calls(CALLER, URL, 100, Answer::body)) {
      load.hold(50);
      // What else this machine does makes it later, and never earlier: the quickest of three counts.
      Duration took = fallsIll(load);
      for (int again = 0; again < 2 && took.toMillis() >= 1_000; again++) {
        application(FIRST).well(true);
        untilWell();
        took = fallsIll(load);
      }
      assertThat(took).as("from the threshold to the last call, and twenty more").isLessThan(Duration.ofSeconds(1));
      assertThat(status().getAilingList()).extracting(WorkloadHealth::getWorkload, WorkloadHealth::getHealth)
          .containsExactly(org.assertj.core.groups.Tuple.tuple("default/reviews-v2", "unhealthy"));
      assertThat(status().getAiling(0).getReason()).endsWith("/health answered 503");
      assertThat(status().getPanickingList()).isEmpty();
      assertThat(panics()).isEqualTo(panics);

      application(SECOND).well(false);
      mesh.until("the service to panic", 5, () -> status().getPanickingCount() == 1);
      ServiceHealth panicking = status().getPanicking(0);
      assertThat(panicking.getHost()).isEqualTo("reviews.default.svc.cluster.local");
      assertThat(panicking.getHealthy()).isZero();
      assertThat(panicking.getEndpoints()).isEqualTo(2);
      int before = application(FIRST).served();
      mesh.until("both to be called", 5, () -> application(FIRST).served() > before + 10);
      assertThat(panics()).isGreaterThan(panics);
      assertThat(mesh.tenon("status").out()).contains("reviews.default.svc.cluster.local port 9080 panics: 0 of 2 endpoints are healthy");

      application(SECOND).well(true);
      mesh.until("the one that is well to be called alone", 5, () -> steady(load, FIRST));
      application(FIRST).well(true);
      untilWell();
      assertThat(load.failures()).isEmpty();
    }
  }

  /** How long the first host is still called after a check found it ill. */
  private static Duration fallsIll(Load load) {
    application(FIRST).well(false);
    mesh.until("a check to find it ill", 5, () -> application(FIRST).refusedChecks() > 0);
    long crossed = System.nanoTime();
    mesh.until("it to be called no more", 5, () -> steady(load, FIRST));
    return Duration.ofNanos(System.nanoTime() - crossed);
  }

  /** Whether twenty more requests are answered without it. */
  private static boolean steady(Load load, Member member) {
    int before = application(member).served();
    load.hold(20);
    return application(member).served() == before;
  }

  private static double panics() {
    Answer page = TestMesh.get(mesh.address(CALLER), Member.ADMIN_PORT, "/stats/prometheus", Map.of());
    return page.body().lines()
        .filter(line -> line.startsWith("envoy_cluster_lb_healthy_panic") && line.contains("reviews"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
