package dev.tenon.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.testkit.PluginJar;
import dev.tenon.testkit.TestKernel;
import dev.tenon.testkit.Unloading;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every plug-in promises: its jar, made of what Maven compiled, is taken by a kernel, offers its
 * plug point, and is unloaded with nothing left behind.
 *
 * @param <T> the plug point, an interface of spi
 */
public abstract class PluginContract<T> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path jars;

  private final Class<T> plugPoint;

  /** For a plug point. */
  PluginContract(Class<T> plugPoint) {
    this.plugPoint = plugPoint;
  }

  /** The plug-in's name: that of its jar's file, without version. */
  protected abstract String plugin();

  /** Settings of the process, {@code section.field=value}; none unless the plug-in reads some. */
  protected List<String> settings() {
    return List.of();
  }

  /** Where the compiled classes lie. */
  protected Path classes() {
    return Path.of("target/classes");
  }

  /** Makes what {@link #settings} point to be there. */
  void prepare() throws Exception {}

  @Test
  void isTakenByAKernelAndUnloadedWithNothingLeft() throws Exception {
    prepare();
    Unloading.assertUnloads(
        jar("1.0"), settings(), kernel -> assertThat(kernel.offered(plugPoint)).as("what %s offers", plugin()).isNotEmpty());
  }

  /** The plug-in as a jar of some version, which differs from that of every other. */
  final Path jar(String version) {
    try {
      return PluginJar.of(classes())
          .entry("META-INF/version", new ByteArrayInputStream(version.getBytes(StandardCharsets.UTF_8)))
          .write(jars.resolve(plugin() + "-" + version + ".jar"));
    } catch (IOException e) {
      throw new UncheckedIOException(classes() + " holds no classes to make a jar of", e);
    }
  }

  /** What the plug-in offers in a kernel. */
  final T offered(TestKernel kernel) {
    List<T> offers = kernel.offered(plugPoint);
    assertThat(offers).as("what %s offers", plugin()).hasSize(1);
    return offers.getFirst();
  }

  /** YAML as a plug-in is given it; an empty text is a mapping without fields. */
  protected static Fields fields(String yaml) {
    List<Node> documents = new YamlText().parse("config.yaml", yaml);
    return Fields.of(
        documents.isEmpty() || !(documents.getFirst() instanceof Node.Mapping mapping)
            ? Node.Mapping.empty(Position.of("config.yaml"))
            : mapping);
  }

  /** Holds a plug-in to the rule that each field is read, and what nobody reads is an error. */
  static void assertReadsAll(String yaml, java.util.function.Consumer<Fields> build) {
    Fields good = fields(yaml);
    build.accept(good);
    assertThat(good.close()).as("what is said of the configuration that should be good").isEmpty();
    Fields misspelt = fields(yaml + "\nno-such-field: 1\n");
    build.accept(misspelt);
    assertThat(misspelt.close())
        .as("what is said of an unknown field")
        .extracting(Finding::toString)
        .anyMatch(each -> each.contains("no-such-field: unknown field"));
  }

  /** Waits for something that a plug-in should do, at most 20 s. */
  static void eventually(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain: " + what);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
