package dev.tenon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.e2e.mesh.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the JVMs of processes are told. */
class ProfilesTest {
  static Stream<Path> profiles() throws IOException {
    try (Stream<Path> all = Files.list(Distribution.built().home().resolve("profiles"))) {
      return all.filter(each -> each.toString().endsWith(".jvm")).sorted().toList().stream();
    }
  }

  /** The compilers of JDK 25.0.3 follow what was noted in training into classes that are not there, once modules are swapped. */
  @ParameterizedTest
  @MethodSource("profiles")
  void whatMaySwapModulesReplaysNoTraining(Path profile) throws IOException {
    List<String> flags = Files.readAllLines(profile);
    assertThat(flags).containsAnyOf("-XX:-AOTReplayTraining", "-XX:TieredStopAtLevel=1");
    if (flags.contains("-XX:-AOTReplayTraining")) {
      assertThat(flags).as("a diagnostic flag").contains("-XX:+UnlockDiagnosticVMOptions");
    }
  }
}
