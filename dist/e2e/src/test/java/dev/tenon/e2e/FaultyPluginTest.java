package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.cli.process.Caller.Answer;
import dev.tenon.e2e.fixture.FaultyAdapter;
import dev.tenon.e2e.mesh.Jars;
import dev.tenon.e2e.mesh.Load;
import dev.tenon.e2e.mesh.Member;
import dev.tenon.e2e.mesh.TestMesh;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.wire.admin.v1.ModuleInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Plug-ins in trouble inside real sidecars: requests that do not use them go on. */
@Tag("system")
class FaultyPluginTest {
  private static final Member STEADY = new Member("details", "v1", 12);
  private static final Member DOOMED = new Member("ratings", "v1", 13);
  private static final String RULE = """
      apiVersion: config.istio.io/v1alpha2
      kind: handler
      metadata: {name: faulty}
      spec: {compiledAdapter: faulty}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: instance
      metadata: {name: anything}
      spec: {compiledTemplate: checknothing}
      ---
      apiVersion: config.istio.io/v1alpha2
      kind: rule
      metadata: {name: faulty, annotations: {policy.tenon.dev/on-failure: closed}}
      spec: {match: '(request.headers["x-way"] | "") != ""', actions: [{handler: faulty, instances: [anything]}]}
      """;

  private static TestMesh mesh;

  @BeforeAll
  static void start() throws IOException {
    mesh = TestMesh.start("faulty").workload(STEADY).workload(DOOMED).converged(2);
    mesh.apply(RULE);
    for (Member member : new Member[] {STEADY, DOOMED}) {
      Path jar = Jars.plain(mesh.run().resolve("staged.jar"), FaultyAdapter.class, AdapterFactory.class.getName());
      Jars.drop(jar, mesh.run(member.name()).resolve("plugins"), "faulty.jar");
      mesh.until("the adapter to judge", 20, () -> ask(member, "well").status() == 200);
    }
  }

  @AfterAll
  static void end() throws IOException {
    if (mesh != null) {
      mesh.close();
    }
  }

  @Test
  void aPluginThatSpinsOnTheOnlyLoopIsEndedAndTheOthersGoOn() {
    try (Load load = mesh.inbound(STEADY, path(STEADY), 100, answer -> "")) {
      load.hold(50);
      assertThat(ask(STEADY, "spin").body()).contains("held an event loop and was ended");
      assertThat(ask(STEADY, "well").body()).contains("left alone");
      load.hold(100);
      assertThat(load.failures()).isEmpty();
      assertThat(load.reconnects()).isZero();
    }
    ModuleInfo faulty = faulty(STEADY);
    assertThat(faulty.getReason()).contains("spun on loop").contains("FaultyAdapter");
    assertThat(faulty.getRequests()).isPositive();
    assertThat(faulty.getTimeouts()).isPositive();
    assertThat(mesh.modules(STEADY.name()).getReady()).as("it reached a checkpoint").isTrue();
  }

  @Test
  void aHeapThatAPluginFillsEndsTheProcessAndTheLogNamesIt() {
    assertThat(faulty(DOOMED).getReason()).isEmpty();
    for (int i = 0; i < 2_000 && mesh.processes().runs(DOOMED.name()); i++) {
      try {
        var _ = ask(DOOMED, "fill");
      } catch (RuntimeException | Error e) {
        // The process is going.
      }
    }
    mesh.until("the process to end", 20, () -> !mesh.processes().runs(DOOMED.name()));
    assertThatThrownBy(() -> mesh.processes().check()).hasMessageContaining("ended with 3");
    assertThat(log(DOOMED)).containsPattern("the heap is nearly full.*allocated most lately: faulty");
    mesh.processes().kill(DOOMED.name());
  }

  private static ModuleInfo faulty(Member member) {
    return mesh.modules(member.name()).getModulesList().stream().filter(each -> each.getName().equals("faulty")).findFirst().orElseThrow();
  }

  private static String path(Member member) {
    return "/" + member.service() + "/0";
  }

  private static Answer ask(Member member, String way) {
    return TestMesh.get(mesh.address(member), Member.SERVICE_PORT, path(member), Map.of("x-way", way));
  }

  private static String log(Member member) {
    try {
      return Files.readString(mesh.run().resolve(member.name() + ".log"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
