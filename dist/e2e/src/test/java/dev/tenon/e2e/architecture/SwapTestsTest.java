package dev.tenon.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.tenon.e2e.mesh.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module that comes without a test of its swap fails the build. */
class SwapTestsTest {
  private static Stream<Class<?>> tests() {
    return new ClassFileImporter().importPackages("dev.tenon.e2e").stream()
        .filter(type -> type.isAnnotatedWith(Swaps.class)).map(type -> type.reflect());
  }

  @Test
  void everyModuleOfTheTreeIsReplacedByATest() {
    Path tree = Distribution.source();
    assertThat(SwapTests.modules(tree)).contains("tenon-proxy", "tenon-pilot", "tenon-registry-vm", "tenon-adapter-denier");
    assertThat(SwapTests.missing(tree, tests()))
        .as("modules without a test of their swap: name them in @Swaps of one that replaces them under load")
        .isEmpty();
  }

  @Test
  void theRuleFindsAModuleThatNoTestClaims(@TempDir Path tree) throws IOException {
    pom(tree.resolve("plugins/forgotten"), "tenon-forgotten");
    Files.writeString(tree.resolve("plugins/forgotten/bnd.bnd"), "Bundle-Activator: dev.tenon.forgotten.Activator\n");
    pom(tree.resolve("adapters/plain"), "tenon-adapter-plain");
    Files.writeString(
        Files.createDirectories(tree.resolve("adapters/plain/src/main/resources/META-INF/services"))
            .resolve("dev.tenon.spi.policy.AdapterFactory"), "x.Y\n");
    pom(tree.resolve("runtime/library"), "tenon-library");
    assertThat(SwapTests.missing(tree, tests())).containsExactly("tenon-adapter-plain", "tenon-forgotten");
  }

  private static void pom(Path folder, String artifact) throws IOException {
    Files.writeString(Files.createDirectories(folder).resolve("pom.xml"),
        "<project><parent><artifactId>tenon-parent</artifactId></parent><artifactId>" + artifact + "</artifactId></project>");
  }
}
