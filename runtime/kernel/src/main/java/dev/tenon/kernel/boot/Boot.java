package dev.tenon.kernel.boot;

import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.log.Logs;
import dev.tenon.kernel.swap.Modules;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Node;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one process of the mesh: {@code tenon run}. */
public final class Boot {
  /** Ended in good order. */
  public static final int OK = 0;

  /** Could not start or run: a port is taken, a module fails. */
  public static final int FAILED = 1;

  /** The settings cannot be used. */
  public static final int BAD_CONFIG = 2;

  private Boot() {}

  /**
   * Starts, runs until SIGTERM, SIGINT or ModuleAdmin.Stop, drains and ends. What keeps it from
   * starting is said on standard error.
   *
   * @return the process's exit code
   */
  public static int run(BootOptions options) {
    return run(options, System.err);
  }

  static int run(BootOptions options, PrintStream errors) {
    try {
      Node.Mapping all = Settings.read(options);
      KernelSettings settings = KernelSettings.read(all, options.profile());
      try (Logs logs = Logs.start(settings.log());
          Kernel kernel = Kernel.start(options, settings, all)) {
        return run(kernel, errors);
      }
    } catch (BadConfig e) {
      errors.println(e.getMessage());
      return BAD_CONFIG;
    } catch (IOException | Refused e) {
      errors.println("tenon: " + (e instanceof java.nio.file.FileSystemException ? e.toString() : e.getMessage()));
      return FAILED;
    }
  }

  private static int run(Kernel kernel, PrintStream errors) {
    CountDownLatch ended = new CountDownLatch(1);
    try (Signals signals = Signals.on(kernel::stop, () -> end(kernel, ended))) {
      Map<String, List<Modules.Failure>> missing = kernel.awaitStart();
      if (!missing.isEmpty()) {
        return say(missing, errors);
      }
      var _ = kernel.modules().whenReady().thenRun(Boot::sayReady);
      kernel.awaitStop();
      kernel.close();
      return OK;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    } finally {
      ended.countDown();
    }
  }

  /** The JVM was told to exit by somebody else: end in good order all the same. */
  private static void end(Kernel kernel, CountDownLatch ended) {
    kernel.stop();
    try {
      if (!ended.await(30, TimeUnit.SECONDS)) {
        log().warn("the process did not end in 30 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sayReady() {
    Instant begin = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    log().info("ready in {} ms", Duration.between(begin, Instant.now()).toMillis());
  }

  private static int say(Map<String, List<Modules.Failure>> missing, PrintStream errors) {
    boolean badConfig = false;
    for (Map.Entry<String, List<Modules.Failure>> each : missing.entrySet()) {
      if (each.getValue().isEmpty()) {
        errors.println("tenon: the profile needs the module " + each.getKey()
            + ", and there is no jar of it in modules/ or in the drop folder");
      }
      for (Modules.Failure failure : each.getValue()) {
        badConfig |= failure.badConfig();
        errors.println(failure.badConfig() ? failure.reason()
            : "tenon: the module " + each.getKey() + " (" + failure.jar().file() + ") does not start: " + failure.reason());
      }
    }
    return badConfig ? BAD_CONFIG : FAILED;
  }

  /** Fetched late: the log is set up by then. */
  private static Logger log() {
    return LoggerFactory.getLogger(Boot.class);
  }
}
