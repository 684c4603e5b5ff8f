package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.e2e.mesh.Distribution;
import dev.tenon.e2e.mesh.Guide;
import dev.tenon.e2e.mesh.HostMesh;
import dev.tenon.e2e.mesh.Outside;
import dev.tenon.e2e.mesh.Reader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Guides do what they say: each of their commands, in order, on hosts where nobody has done anything yet. */
@Tag("system")
class GuidesTest {
  private static final String CONTROL_PLANE = "10.0.0.1";

  @BeforeEach
  void permitted() {
    HostMesh.permitted();
  }

  @Test
  void machinesThatJoin() throws Exception {
    follow("vm.md", Map.of("control-plane", CONTROL_PLANE, "machine", "10.0.0.13"), List.of());
  }

  @Test
  void servicesThatConsulKnows() throws Exception {
    Path consul = Outside.consul();
    follow("consul.md", Map.of("control-plane", CONTROL_PLANE, "machine", "10.0.0.14"), List.of(java.util.Objects.requireNonNull(consul.toAbsolutePath().getParent())));
  }

  @Test
  void aLimitForTheWholeMeshInFiveMinutes() throws Exception {
    Duration took = follow("rate-limits.md", Map.of("machine", CONTROL_PLANE), List.of());
    assertThat(took).isLessThan(Duration.ofMinutes(5));
  }

  private static Duration follow(String page, Map<String, String> addresses, List<Path> programs) throws Exception {
    Guide guide = Guide.read(Distribution.source().resolve("docs/guides").resolve(page));
    try (Reader somebody = new Reader(guide, addresses, programs)) {
      long began = System.nanoTime();
      int commands = somebody.follow();
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertThat(commands).as("commands of " + page).isGreaterThan(4);
      System.out.println(page + ": " + commands + " commands followed in " + took.toSeconds() + " s");
      return took;
    }
  }
}
