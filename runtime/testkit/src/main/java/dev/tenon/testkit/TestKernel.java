package dev.tenon.testkit;

import dev.tenon.kernel.boot.BootOptions;
import dev.tenon.kernel.boot.Kernel;
import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.swap.Status;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.stream.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A real kernel in the test's JVM, with no module but those that the test drops into it. What it needs
 * on disk lies in a temporary folder of its own, which closing deletes. It opens no port.
 *
 * <p>Used by one thread.
 */
public final class TestKernel implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String PROFILE = """
      profile: test
      kernel: {loops: 1, drainDeadline: 2s, readyDeadline: 20s, unloadDeadline: 5s}
      """;

  private final Path folder;
  private final Kernel kernel;

  private TestKernel(Path folder, Kernel kernel) {
    this.folder = folder;
    this.kernel = kernel;
  }

  /** Starts it; it is ready when this returns. */
  public static TestKernel start() {
    return start(List.of());
  }

  /**
   * Starts it with settings.
   *
   * @param sets assignments {@code a.b=value} as {@code tenon run --set} takes them
   */
  public static TestKernel start(List<String> sets) {
    try {
      Path folder = Files.createTempDirectory("tenon-testkit-");
      Path home = folder.resolve("home");
      Files.createDirectories(home.resolve("modules"));
      Files.createDirectories(home.resolve("profiles"));
      Files.writeString(home.resolve("profiles/test.yaml"), PROFILE);
      exports(home.resolve("platform.exports"));
      List<String> all = new ArrayList<>(List.of("run.directory=" + folder.resolve("run")));
      all.addAll(sets);
      Kernel kernel = Kernel.start(new BootOptions(home, "0", "test", List.of(), all));
      return new TestKernel(folder, kernel);
    } catch (IOException | Refused | BadConfig e) {
      throw new AssertionError("the kernel does not start: " + e.getMessage(), e);
    }
  }

  private static void exports(Path file) throws IOException {
    try (InputStream list = TestKernel.class.getResourceAsStream("platform.exports")) {
      if (list == null) {
        throw new IOException("platform.exports is missing from the testkit's jar; build it again");
      }
      Files.copy(list, file);
    }
  }

  /**
   * Drops a jar, under its own file name, and waits until it is active.
   *
   * @return the module's name
   * @throws AssertionError with the kernel's reason when it is refused or fails, or after 90 s
   */
  public String install(Path jar) {
    Path target = plugins().resolve(String.valueOf(jar.getFileName()));
    try {
      Files.copy(jar, Files.createDirectories(plugins()).resolve(".incoming"), StandardCopyOption.REPLACE_EXISTING);
      Files.move(plugins().resolve(".incoming"), target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new AssertionError(jar + " cannot be dropped: " + e, e);
    }
    until(jar + " to become active", () -> {
      refusal(target).ifPresent(reason -> {
        throw new AssertionError(jar + " is refused: " + reason);
      });
      return active(target).isPresent();
    });
    return active(target).orElseThrow().module();
  }

  /** Deletes a jar that was dropped, by its file name, and waits until its module is gone. */
  public void remove(String fileName) {
    Path target = plugins().resolve(fileName);
    try {
      Files.delete(target);
    } catch (IOException e) {
      throw new AssertionError(target + " cannot be deleted: " + e, e);
    }
    until(fileName + " to be removed", () -> kernel.modules().status().stream().noneMatch(each -> each.file().equals(target.toString())));
  }

  /** What the plug-ins that were dropped offer under a plug point now. */
  public <T> List<T> offered(Class<T> plugPoint) {
    AtomicReference<List<Offer<T>>> seen = new AtomicReference<>(List.of());
    Source<List<Offer<T>>> offers = kernel.offers().offers(plugPoint);
    offers.subscribe(seen::set).close();
    return Optional.ofNullable(seen.get()).orElse(List.of()).stream().map(Offer::service).toList();
  }

  /** The kernel itself. */
  public Kernel kernel() {
    return kernel;
  }

  private Path plugins() {
    return folder.resolve("run/plugins");
  }

  private Optional<Status> active(Path file) {
    return kernel.modules().status().stream()
        .filter(each -> each.file().equals(file.toString()) && each.state().equals("active")).findFirst();
  }

  private Optional<String> refusal(Path file) {
    return kernel.modules().status().stream()
        .filter(each -> each.file().equals(file.toString()) && each.state().equals("failed")).map(Status::reason).findFirst();
  }

  /** Waits for a state of the kernel, at most 90 s. */
  static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain for " + what);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private static AssertionError interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new AssertionError("interrupted", cause);
  }

  @Override
  public void close() {
    kernel.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new AssertionError("the kernel left something behind in " + folder + ": " + e, e);
    }
  }
}
