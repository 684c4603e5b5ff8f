package dev.tenon.e2e.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of the {@code tenon} command to its end, as an operator has it. */
public final class Command {
  private static final int SECONDS = 180;

  private Command() {}

  /** What it came to. */
  public record Result(int exit, String out, String err) {}

  /**
   * Runs it.
   *
   * @param directory where it runs, and where its output is kept meanwhile
   */
  public static Result run(Distribution distribution, Path directory, String... words) {
    List<String> command = new ArrayList<>(List.of(distribution.tenon().toString()));
    command.addAll(List.of(words));
    return run(directory, command, Map.of());
  }

  /**
   * Runs it as somebody else would start it.
   *
   * @param directory where it runs, and where its output is kept meanwhile
   * @param command what is started, the path of {@code tenon} somewhere in it
   * @param environment of it, beside this process's own
   */
  public static Result run(Path directory, List<String> command, Map<String, String> environment) {
    try {
      Path out = Files.createTempFile(directory, "command", ".out");
      Path err = Files.createTempFile(directory, "command", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(directory.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().put("TENON_SKIP_BUILD", "1");
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(command + " did not end within " + SECONDS + " s: " + Files.readString(err));
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
