package dev.tenon.cli.process;

import dev.tenon.cli.client.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Processes that were started here, and their end. Closing stops them all, the latest first, each
 * politely and after a grace by force; afterwards none can be started. Thread-safe.
 */
public final class Processes implements AutoCloseable {
  private final Path run;
  private final int graceSeconds;
  private final Map<String, Process> running = new LinkedHashMap<>();
  private boolean closed;

  /**
   * Nothing runs yet.
   *
   * @param run where each process runs and where its log lies
   * @param graceSeconds how long a process may take to end
   */
  public Processes(Path run, int graceSeconds) {
    this.run = run;
    this.graceSeconds = graceSeconds;
  }

  /** Starts one; what it prints goes to {@code <run>/<name>.log}. */
  public synchronized void start(String name, List<String> command, Map<String, String> environment) {
    if (closed) {
      throw new Refused("everything is being ended");
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(run.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().putAll(environment);
    try {
      running.put(name, builder.start());
    } catch (IOException e) {
      throw new Refused(name + " could not be started: " + e.getMessage());
    }
  }

  /** Throws when a process has ended, with the last lines it printed. */
  public synchronized void check() {
    running.forEach(
        (name, process) -> {
          if (!process.isAlive() && !closed) {
            throw new Refused(name + " ended with " + process.exitValue() + "; it said:\n" + tail(name));
          }
        });
  }

  /** Whether one was started and has neither ended nor been ended. */
  public synchronized boolean runs(String name) {
    Process process = running.get(name);
    return process != null && process.isAlive();
  }

  /** The id of one that runs. */
  public synchronized long pid(String name) {
    return running(name).pid();
  }

  /** Ends one politely and waits for it; by force after the grace. */
  public void stop(String name) {
    Process process = forget(name);
    process.destroy();
    await(process, System.nanoTime() + TimeUnit.SECONDS.toNanos(graceSeconds));
  }

  /** Ends one at once, without a word (SIGKILL), and waits until it is gone. */
  public void kill(String name) {
    await(forget(name).destroyForcibly(), System.nanoTime() + TimeUnit.SECONDS.toNanos(graceSeconds));
  }

  private synchronized Process running(String name) {
    Process process = running.get(name);
    if (process == null) {
      throw new Refused(name + " was not started here, or has been ended");
    }
    return process;
  }

  private synchronized Process forget(String name) {
    Process process = running(name);
    running.remove(name);
    return process;
  }

  private Path log(String name) {
    return run.resolve(name + ".log");
  }

  private String tail(String name) {
    try {
      List<String> lines = Files.readAllLines(log(name), StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    } catch (IOException e) {
      return "(its log cannot be read: " + e.getMessage() + ")";
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    List<Process> all = new ArrayList<>(running.values());
    all.reversed().forEach(Process::destroy);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(graceSeconds);
    for (Process process : all.reversed()) {
      await(process, deadline);
    }
    running.clear();
  }

  private static void await(Process process, long deadline) {
    try {
      if (!process.waitFor(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
