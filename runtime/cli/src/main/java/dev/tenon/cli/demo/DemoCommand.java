package dev.tenon.cli.demo;

import dev.tenon.cli.client.Json;
import dev.tenon.cli.client.Refused;
import dev.tenon.cli.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tenon demo}. */
@Command(
    name = "demo",
    description = {
      "Starts a mesh of real processes on this machine and moves traffic while you watch.",
      "Everything is on loopback, unless --with vm finds that it may make network namespaces."
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(names = "--exit", description = "Ends after the last step instead of staying up until Ctrl-C.")
  private boolean exit;

  @Option(
      names = "--with",
      split = ",",
      paramLabel = "consul|vm",
      description = {
        "consul: reviews v2 and v3 are known by a real Consul, which the demo starts.",
        "vm: every workload has a host that joins with a token; a network namespace where that is permitted, else a loopback address.",
        "May be repeated."
      })
  private Set<With> with = EnumSet.noneOf(With.class);

  @Option(names = "--report", paramLabel = "FILE", description = "Writes every figure as JSON.")
  private @Nullable Path report;

  @Option(
      names = "--run-directory",
      paramLabel = "DIR",
      defaultValue = "run/demo",
      description = "Holds everything that the demo writes (${DEFAULT-VALUE}); emptied at the start.")
  private Path runDirectory = Path.of("run/demo");

  @Override
  public Integer call() throws Exception {
    Layout layout = Layout.find(runDirectory);
    CountDownLatch stop = new CountDownLatch(1);
    Report figures = new Report();
    try (RunDirectory run = RunDirectory.claim(layout.run());
        Ground ground = new Ground(1 + Bookinfo.MEMBERS.size());
        Processes processes = new Processes(run.path(), 10)) {
      // Ctrl-C ends the script where it stands; the processes and their hosts are ended before this one is.
      Thread hook = new Thread(() -> interrupt(stop, processes, ground), "demo-stop");
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        new Demo(layout, processes, new Members(layout, processes, ground, with), new Script(figures)).play();
        if (!exit && figures.passed()) {
          System.out.println("\nThe mesh stays up. Ctrl-C ends it.");
          stop.await();
        }
      } catch (Refused e) {
        figures.missed(String.valueOf(e.getMessage()));
      } finally {
        processes.close();
        ground.close();
        write(figures);
        forget(hook);
      }
    }
    figures.printVerdict(System.out);
    return figures.passed() ? 0 : 1;
  }

  private static void interrupt(CountDownLatch stop, Processes processes, Ground ground) {
    stop.countDown();
    processes.close();
    try {
      ground.close();
    } catch (IOException e) {
      System.err.println("not everything was taken away: " + e.getMessage());
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending already, by that very hook.
      System.out.println();
    }
  }

  private void write(Report figures) throws IOException {
    if (report == null) {
      return;
    }
    Path parent = report.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(report, Json.write(figures.asMap()) + "\n");
  }
}
