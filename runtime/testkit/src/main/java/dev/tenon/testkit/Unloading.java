package dev.tenon.testkit;

import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.prove.Costs;
import dev.tenon.kernel.prove.Leak;
import java.nio.file.Path;
import java.util.List;

/**
 * Proves that a plug-in can be unloaded: {@code assertUnloads(jar)}. A plug-in that cannot be costs every
 * process that it was ever swapped in its classes and all they hold, until the process ends.
 */
public final class Unloading {
  /** Uses a plug-in as the mesh will. Keeps nothing of it: what the test holds cannot be unloaded. */
  @FunctionalInterface
  public interface Exercise {
    /** Called while the plug-in is active. */
    void use(TestKernel kernel) throws Exception;
  }

  private Unloading() {}

  /** Loads a jar and unloads it again. */
  public static void assertUnloads(Path jar) {
    assertUnloads(jar, kernel -> {});
  }

  /**
   * Loads a jar, uses it, unloads it, and waits until its class loader is collected, at most some seconds.
   *
   * @throws AssertionError with what holds the class loader, from a root to the loader; with what the
   *     plug-in left running; or with why it does not start
   */
  public static void assertUnloads(Path jar, Exercise exercise) {
    assertUnloads(jar, List.of(), exercise);
  }

  /**
   * The same, in a process with settings.
   *
   * @param settings assignments {@code a.b=value} as {@code tenon run --set} takes them
   */
  public static void assertUnloads(Path jar, List<String> settings, Exercise exercise) {
    try (TestKernel kernel = TestKernel.start(settings)) {
      String module = kernel.install(jar);
      use(kernel, exercise);
      kernel.remove(String.valueOf(jar.getFileName()));
      TestKernel.until(jar + " to be collected, or to be found held",
          () -> {
            System.gc();
            Costs costs = kernel.kernel().proof().costs();
            return costs.collected() + costs.leaked() > 0;
          });
      List<Leak> leaks = kernel.kernel().proof().leaks();
      if (!leaks.isEmpty()) {
        throw new AssertionError(module + " cannot be unloaded: its class loader is held by\n  "
            + (leaks.getFirst().path().isEmpty() ? leaks.getFirst().reason() : String.join("\n  → ", leaks.getFirst().path())));
      }
      List<String> left = kernel.kernel().journal().events().stream().filter(each -> each.event().equals("left")).map(Journal.Event::detail).toList();
      if (!left.isEmpty()) {
        throw new AssertionError(module + " leaves something behind when it is closed:\n  " + String.join("\n  ", left));
      }
    }
  }

  private static void use(TestKernel kernel, Exercise exercise) {
    try {
      exercise.use(kernel);
    } catch (Exception e) {
      throw new AssertionError("the plug-in cannot be used: " + e, e);
    }
  }
}
