package dev.tenon.mixer.share;

import dev.tenon.mixer.dispatch.Backlog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what this process spends and what it grants to others, so that anybody can prove afterwards that a limit
 * held. Moments are nanoseconds of the monotonic clock, which all processes of a machine share. A line is
 *
 * <pre>
 * spent   AT AMOUNT HANDLER INSTANCE
 * granted FROM TO AMOUNT VALIDITY HANDLER INSTANCE     decided between FROM and TO; of an amount of 0 it is a refusal
 * lost    COUNT                                        so many lines could not be written in time
 * </pre>
 *
 * <p>Thread-safe; never waits. Ends at 1 GB.
 */
public final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final long LARGEST = 1L << 30;

  private final Path file;
  private final LongSupplier clock;
  private final Backlog<String> lines;
  private long lost;
  private boolean full;

  /** Appends to a file, which is made when there is something to write. */
  public Journal(Path file, ScheduledExecutorService timers, LongSupplier clock) {
    this.file = file;
    this.clock = clock;
    this.lines = new Backlog<>(timers, this::write);
  }

  /** A request goes on, or may at once: the moment is now. */
  void spent(long amount, String handler, String instance) {
    lines.add("spent " + clock.getAsLong() + " " + amount + " " + handler + " " + instance);
  }

  /** A question was answered, now. */
  public void granted(long from, long amount, long validity, String handler, String instance) {
    lines.add("granted " + from + " " + clock.getAsLong() + " " + amount + " " + validity + " " + handler + " " + instance);
  }

  /** One batch at a time. */
  private void write(List<String> batch) {
    StringBuilder text = new StringBuilder(batch.size() * 80);
    batch.forEach(each -> text.append(each).append('\n'));
    long dropped = lines.dropped();
    if (dropped > lost) {
      text.append("lost ").append(dropped - lost).append('\n');
      lost = dropped;
    }
    try {
      if (full || (Files.exists(file) && Files.size(file) > LARGEST)) {
        if (!full) {
          full = true;
          LOG.warn("the journal {} is full; nothing more is written to it", file);
        }
        return;
      }
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes what waits. */
  @Override
  public void close() {
    lines.flush();
  }
}
