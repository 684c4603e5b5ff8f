package dev.tenon.kernel.boot;

import static org.awaitility.Awaitility.await;

import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.swap.Status;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.lifecycle.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/** A distribution, a run directory, and a kernel in this JVM that can be started over them again and again. */
@SuppressWarnings("rawtypes") // Supplier.class: a type that test modules share with the test
final class Ground implements AutoCloseable {
  private static final Duration EFFECTIVE = Duration.ofSeconds(60);
  final Path folder;
  final Path home;
  final Path run;
  final Path plugins;
  private @Nullable Kernel kernel;

  Ground(Path folder) throws IOException {
    this.folder = folder;
    this.home = TestHome.make(folder.resolve("home"));
    this.run = folder.resolve("run");
    this.plugins = Files.createDirectories(run.resolve("plugins"));
  }

  BootOptions options(String... sets) {
    return new BootOptions(home, "0.1.0", "test", List.of(), Stream.concat(Stream.of("run.directory=" + run), Stream.of(sets)).toList());
  }

  Kernel start(String... sets) throws Exception {
    BootOptions options = options(sets);
    Node.Mapping all = Settings.read(options);
    Kernel started = Kernel.start(options, KernelSettings.read(all, "test"), all);
    kernel = started;
    started.awaitStart();
    return started;
  }

  Kernel kernel() {
    return Objects.requireNonNull(kernel);
  }

  @Override
  public void close() {
    if (kernel != null) {
      kernel.close();
      kernel = null;
    }
  }

  Jars jar() throws IOException {
    return new Jars(Files.createTempDirectory(folder, "jar"));
  }

  /** A module that offers its tag, {@code body} before it does. */
  Jars tagged(String name, String version, String tag, String body) throws IOException {
    return jar().module(name, body + """
            context.offer(Supplier.class, new Supplier<String>() { public String get() { return "%s"; } });
            return () -> {};
        """.formatted(tag)).header("Bundle-Version", version);
  }

  Jars tagged(String name, String version, String tag) throws IOException {
    return tagged(name, version, tag, "");
  }

  /** A plain jar with an adapter. */
  Jars adapter() throws IOException {
    return jar()
        .source("Factory", """
            public final class Factory implements dev.tenon.spi.policy.AdapterFactory {
              public String name() { return "guard"; }
              public java.util.Set<dev.tenon.spi.policy.Template> templates() { return java.util.Set.of(); }
              public dev.tenon.spi.policy.Adapter build(dev.tenon.spi.config.Fields params) {
                throw new UnsupportedOperationException();
              }
            }
            """)
        .file("META-INF/services/dev.tenon.spi.policy.AdapterFactory", "sample.Factory\n");
  }

  /** What is offered now. */
  List<Object> tags() {
    AtomicReference<List<Offer<Supplier>>> seen = new AtomicReference<>(List.of());
    kernel().offers().offers(Supplier.class).subscribe(seen::set).close();
    return Objects.requireNonNull(seen.get()).stream().<Object>map(each -> each.service().get()).toList();
  }

  /** Why a module or jar does not run; empty when nothing of that name failed. */
  String reasonOf(String module) {
    return kernel().modules().status().stream()
        .filter(each -> each.module().equals(module) && each.state().equals("failed"))
        .map(Status::reason).findFirst().orElse("");
  }

  /** The events of a module, the latest last. */
  List<String> events(String module) {
    return kernel().journal().events().reversed().stream().filter(each -> each.module().equals(module)).map(Journal.Event::event).toList();
  }

  static void eventually(ThrowingRunnable check) {
    await().atMost(EFFECTIVE).pollInterval(Duration.ofMillis(20)).untilAsserted(check);
  }
}
