package dev.tenon.agent.probe;

import dev.tenon.spi.workload.ReadinessProbe.Exec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs a command, on virtual threads. What it writes is read, and the first line of it is the reason. */
final class ExecCheck implements Checker {
  private static final int SHOWN_BYTES = 512;
  private static final Duration LAST_WORDS = Duration.ofMillis(200);

  private final Exec probe;
  private final Duration timeout;

  ExecCheck(Exec probe, Duration timeout) {
    this.probe = probe;
    this.timeout = timeout;
  }

  @Override
  public Runnable check(Consumer<Verdict> answer) {
    Once once = new Once(answer);
    Process process;
    try {
      process = new ProcessBuilder(probe.command()).redirectErrorStream(true).start();
      process.getOutputStream().close();
    } catch (IOException e) {
      once.accept(Verdict.bad("the probe's command cannot be run: " + e.getMessage()));
      return () -> {};
    }
    Thread.ofVirtual().name("agent-probe").start(() -> once.accept(outcome(process)));
    return () -> {
      once.mute();
      kill(process);
    };
  }

  private Verdict outcome(Process process) {
    byte[][] said = {new byte[0]};
    Thread reader = Thread.ofVirtual().name("agent-probe-output").start(() -> said[0] = output(process));
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return Verdict.bad("the probe's command does not end within " + timeout.toSeconds() + " s");
      }
      if (process.exitValue() == 0) {
        return Verdict.GOOD;
      }
      // A child that it left behind may hold its output open.
      reader.join(LAST_WORDS);
      String first = new String(said[0], StandardCharsets.UTF_8).strip().lines().findFirst().orElse("");
      return Verdict.bad("the probe's command ended with status " + process.exitValue() + (first.isEmpty() ? "" : ": " + first));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Verdict.bad("the probe was broken off");
    } finally {
      kill(process);
    }
  }

  private static byte[] output(Process process) {
    try (InputStream in = process.getInputStream()) {
      byte[] first = in.readNBytes(SHOWN_BYTES);
      in.transferTo(OutputStream.nullOutputStream());
      return first;
    } catch (IOException closed) {
      return new byte[0];
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
