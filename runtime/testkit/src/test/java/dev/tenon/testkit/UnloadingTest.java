package dev.tenon.testkit;

import static dev.tenon.testkit.Unloading.assertUnloads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.testkit.fixture.Forgets;
import dev.tenon.testkit.fixture.Starts;
import dev.tenon.testkit.fixture.Tidy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnloadingTest {
  /** Where it is sure to be held: soon enough. */
  private static final List<String> SOON = List.of("kernel.unloadDeadline=1s");

  @TempDir Path folder;

  private Path jar(Class<? extends AdapterFactory> type) throws IOException {
    return PluginJar.empty().with(Tidy.class).provides(AdapterFactory.class, type).write(folder.resolve("sample.jar"));
  }

  private static void build(TestKernel kernel) {
    kernel.offered(AdapterFactory.class).getFirst().build(Fields.of(Node.Mapping.empty(Position.of("params")))).close();
  }

  @Test
  void aPlugInThatLeavesNothingPasses() throws IOException {
    Path jar = jar(Tidy.class);
    assertUnloads(jar);
    assertUnloads(jar, UnloadingTest::build);
  }

  @Test
  void oneThatIsHeldFailsWithTheWayFromTheRootToItsLoader() throws IOException {
    Path jar = jar(Starts.class);
    assertThatThrownBy(() -> assertUnloads(jar, SOON, UnloadingTest::build)).isInstanceOf(AssertionError.class)
        .hasMessageContaining("sample cannot be unloaded").hasMessageContaining("the thread \"refresher\"")
        .hasMessageContaining("dev.tenon.testkit.fixture.Starts").hasMessageEndingWith("→ the class loader");
    Thread.getAllStackTraces().keySet().stream().filter(each -> each.getName().equals("refresher")).forEach(each -> each.setName("over"));
  }

  @Test
  void oneThatLeavesAThreadThatTheKernelCouldEndFailsToo() throws IOException {
    Path jar = jar(Forgets.class);
    assertThatThrownBy(() -> assertUnloads(jar, UnloadingTest::build)).isInstanceOf(AssertionError.class)
        .hasMessageContaining("the thread \"sleeper\" was interrupted and ended");
  }

  @Test
  void whatTheTestItselfHoldsIsShown() throws IOException {
    Path jar = jar(Tidy.class);
    Object[] held = new Object[1];
    assertThatThrownBy(() -> assertUnloads(jar, SOON, kernel -> held[0] = kernel.offered(AdapterFactory.class).getFirst()))
        .hasMessageContaining("a local variable of the thread \"main\"").hasMessageContaining("java.lang.Object[0]");
    assertThat(held[0]).isNotNull();
  }
}
