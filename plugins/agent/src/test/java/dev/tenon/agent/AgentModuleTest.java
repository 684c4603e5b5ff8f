package dev.tenon.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.spi.lifecycle.Running;
import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Health;
import dev.tenon.wire.registration.v1.Port;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentModuleTest {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  @TempDir Path state = Path.of("");

  private final int listenPort = freePort();
  private final java.util.ArrayDeque<AutoCloseable> opened = new java.util.ArrayDeque<>();

  private static int freePort() {
    try (var socket = new java.net.ServerSocket(0, 1, java.net.InetAddress.ofLiteral("127.0.0.13"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  private TestRegistry registry(int port) throws IOException {
    TestRegistry registry = new TestRegistry(port);
    opened.push(registry);
    return registry;
  }

  private Running start(int port, boolean succeeds) throws IOException {
    return start("127.0.0.1:" + port, succeeds);
  }

  private Running start(String controlPlane, boolean succeeds) throws IOException {
    Map<String, Map<String, ?>> sections =
        Map.of(
            "agent", Map.of("settle", "0s"),
            "mesh", Map.of("controlPlane", controlPlane),
            "workload",
            Map.of(
                "name", "reviews-v1", "address", "127.0.0.13", "labels", Map.of("version", "v1"),
                "ports", List.of(Map.of("service", "reviews", "port", 9080, "listen", listenPort, "application", "127.0.0.13:8080", "weight", 2))));
    TestContext context = new TestContext(state, succeeds, sections);
    opened.push(context);
    Running running = new AgentModule().start(context);
    opened.push(running);
    return running;
  }

  private static void finish(java.util.concurrent.CompletionStage<Void> stage) {
    stage.toCompletableFuture().orTimeout(40, TimeUnit.SECONDS).join();
  }

  private static boolean isReady(Running running) {
    return running.ready().toCompletableFuture().isDone();
  }

  @Test
  void registersTheWorkloadOfTheConfigurationAndLeavesWhenTheProcessEnds() throws IOException {
    TestRegistry registry = registry(0);
    Running running = start(registry.port(), false);
    finish(running.ready());
    Beat beat = registry.registrations.getFirst();
    assertThat(beat.getTimeToLive().getSeconds()).isEqualTo(10);
    assertThat(beat.getWorkload().getName()).isEqualTo("reviews-v1");
    assertThat(beat.getWorkload().getNamespace()).isEqualTo("default");
    assertThat(beat.getWorkload().getLabelsMap()).containsEntry("version", "v1");
    assertThat(beat.getWorkload().getPortsList())
        .containsExactly(
            Port.newBuilder()
                .setService("reviews").setServiceNamespace("default").setServicePort(9080).setProtocol("HTTP")
                .setListenPort(listenPort).setApplication("127.0.0.13:8080").setWeight(2).build());
    finish(running.drain(DEADLINE));
    assertThat(registry.ends).containsExactly("left");
  }

  @Test
  void noCallerIsSentToItBeforeItsPortAcceptsConnections() throws Exception {
    TestRegistry registry = registry(0);
    finish(start(registry.port(), false).ready());
    assertThat(registry.registrations.getFirst().getHealth()).isEqualTo(Health.STARTING);
    opened.push(new java.net.ServerSocket(listenPort, 5, java.net.InetAddress.getByName("127.0.0.13")));
    await().atMost(Duration.ofSeconds(40)).until(() -> registry.registrations.size() == 2);
    assertThat(registry.registrations.getLast().getHealth()).isEqualTo(Health.HEALTHY);
    assertThat(registry.registrations.getLast().getLeaseId()).isEqualTo("a-lease-that-was-given");
  }

  @Test
  void aSuccessorHoldsTheSameLeaseAndTheFormerGenerationDoesNotEndIt() throws IOException {
    TestRegistry registry = registry(0);
    Running old = start(registry.port(), false);
    finish(old.ready());
    Running young = start(registry.port(), true);
    assertThat(isReady(young)).isTrue();
    await().atMost(Duration.ofSeconds(40)).until(() -> registry.registrations.size() == 2);
    assertThat(registry.registrations.getLast().getLeaseId()).isEqualTo("a-lease-that-was-given");
    finish(old.handOver(DEADLINE));
    old.close();
    await().atMost(Duration.ofSeconds(40)).until(() -> registry.ends.equals(List.of("broken")));
    finish(young.drain(DEADLINE));
    assertThat(registry.ends).containsExactly("broken", "left");
  }

  @Test
  void findsTheControlPlaneByNameToo() throws IOException {
    TestRegistry registry = registry(0);
    finish(start("localhost:" + registry.port(), false).ready());
  }

  @Test
  void comesBackToAControlPlaneThatWasRestarted() throws Exception {
    TestRegistry first = registry(0);
    Running running = start(first.port(), false);
    finish(running.ready());
    first.close();
    TestRegistry second = registry(first.port());
    await().atMost(Duration.ofSeconds(40)).until(() -> second.registrations.size() == 1);
    assertThat(second.registrations.getFirst().getLeaseId()).isEqualTo("a-lease-that-was-given");
  }

  @Test
  void isNotReadyBeforeThereIsAControlPlaneUnlessItSucceedsAnother() throws Exception {
    TestRegistry gone = registry(0);
    gone.close();
    Running first = start(gone.port(), false);
    assertThat(isReady(first)).isFalse();
    assertThat(isReady(start(gone.port(), true))).isTrue();
    TestRegistry back = registry(gone.port());
    finish(first.ready());
    assertThat(back.registrations).isNotEmpty();
  }

  @Test
  void aRefusedWorkloadIsNotReady() throws IOException {
    TestRegistry registry = registry(0);
    registry.refusal = Status.INVALID_ARGUMENT.withDescription("workload.name: is taken");
    Running running = start(registry.port(), false);
    finish(running.drain(DEADLINE));
    assertThat(isReady(running)).isFalse();
    assertThat(registry.registrations).isEmpty();
  }

  @Test
  void aProcessThatRegistersNobodyIsReadyAtOnce() throws IOException {
    TestContext context = new TestContext(state, false, Map.of("agent", Map.of("register", false)));
    opened.push(context);
    Running running = new AgentModule().start(context);
    assertThat(isReady(running)).isTrue();
    finish(running.drain(DEADLINE));
    running.close();
  }
}
