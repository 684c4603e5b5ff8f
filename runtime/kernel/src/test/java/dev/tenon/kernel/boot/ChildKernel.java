package dev.tenon.kernel.boot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * A whole process, for tests that kill one. It stands still at a line of its own log, on the thread that
 * writes it, and says so: what the kernel was doing then it will not go on doing.
 *
 * <p>Arguments: the distribution, the run directory, that line, and settings.
 */
final class ChildKernel {
  private static final Logger JOURNAL = Logger.getLogger("dev.tenon.kernel.keep.Journal");

  private ChildKernel() {}

  public static void main(String[] args) {
    Thread.ofPlatform().daemon().start(() -> keepStanding(args[2]));
    List<String> sets = new ArrayList<>(List.of("run.directory=" + args[1], "kernel.log.root=info"));
    sets.addAll(List.of(args).subList(3, args.length));
    System.exit(Boot.run(new BootOptions(Path.of(args[0]), "0.1.0", "test", List.of(), sets)));
  }

  /** The process sets its log up anew when it starts, and takes every handler off. */
  private static void keepStanding(String line) {
    while (true) {
      if (JOURNAL.getHandlers().length == 0) {
        JOURNAL.addHandler(new Standstill(line));
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Says that the line is there, and never comes back. */
  private static final class Standstill extends Handler {
    private final String line;

    Standstill(String line) {
      this.line = line;
    }

    @Override
    public void publish(LogRecord record) {
      if (new SimpleFormatter().formatMessage(record).matches(line)) {
        System.out.println("AT " + line);
        System.out.flush();
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
