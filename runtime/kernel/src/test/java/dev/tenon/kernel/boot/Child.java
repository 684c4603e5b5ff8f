package dev.tenon.kernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A kernel in a process of its own, with its log. */
record Child(Process process, Path log) implements AutoCloseable {
  /** A line that no log has: the process goes on for ever. */
  static final String NEVER = "never";

  private static final long SOON_SECONDS = 90;

  /**
   * Starts one.
   *
   * @param before a command that runs another one; may be empty
   * @param line at whose appearance in its log the process stands still: a regular expression
   */
  static Child start(Ground ground, List<String> before, String line, String... sets) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
        "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        ChildKernel.class.getName(), ground.home.toString(), ground.run.toString(), line));
    command.addAll(List.of(sets));
    Path log = ground.folder.resolve("child.log");
    return new Child(new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
  }

  /** All that it said so far. */
  String said() throws IOException {
    return Files.readString(log);
  }

  /** Waits until it has ended by itself; its exit code. */
  int ended() throws InterruptedException {
    if (!process.waitFor(SOON_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the process does not end in " + SOON_SECONDS + " s");
    }
    return process.exitValue();
  }

  /** Kills it. */
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    ended();
  }
}
