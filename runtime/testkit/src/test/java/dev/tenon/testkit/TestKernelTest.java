package dev.tenon.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.testkit.fixture.Tidy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestKernelTest {
  @TempDir Path folder;

  @Test
  void aJarOfClassesIsLoadedIntoALoaderOfItsOwnAndTakenOutAgain() throws IOException {
    Path jar = PluginJar.empty().provides(AdapterFactory.class, Tidy.class).write(folder.resolve("tidy-1.0.jar"));
    try (TestKernel kernel = TestKernel.start()) {
      assertThat(kernel.install(jar)).isEqualTo("tidy");
      assertThat(kernel.offered(AdapterFactory.class)).singleElement().satisfies(each -> {
        assertThat(each.name()).isEqualTo("tidy");
        assertThat(each.getClass()).as("the test's own class").isNotEqualTo(Tidy.class);
      });
      kernel.remove("tidy-1.0.jar");
      assertThat(kernel.offered(AdapterFactory.class)).isEmpty();
    }
  }

  @Test
  void aJarThatIsRefusedFailsTheTestWithTheKernelsReason() throws IOException {
    Path jar = PluginJar.empty().entry("readme.txt", new ByteArrayInputStream(new byte[1])).write(folder.resolve("empty.jar"));
    try (TestKernel kernel = TestKernel.start()) {
      assertThatThrownBy(() -> kernel.install(jar)).isInstanceOf(AssertionError.class).hasMessageContaining("offers nothing");
    }
  }
}
