package dev.tenon.kernel.keep;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happened to modules, the latest thousand events, over restarts. Losing some to a crash or a full
 * disk costs nothing but their memory. Thread-safe.
 */
final class History implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(History.class);
  private static final int MOST = 1_000;

  private final Path file;
  private final Deque<Journal.Event> events = new ArrayDeque<>();
  private FileChannel out;
  private int written;
  private boolean troubled;

  private History(Path file, FileChannel out) {
    this.file = file;
    this.out = out;
  }

  /** Reads what an earlier process wrote; what cannot be read is left out. */
  static History open(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    List<List<String>> lines;
    try {
      lines = Lines.read(file);
    } catch (IOException e) {
      log.warn("the history of modules begins anew: {}", e.toString());
      Files.deleteIfExists(file);
      lines = List.of();
    }
    History history = new History(file, Lines.opened(file));
    lines.stream().map(Journal.Event::of).flatMap(Optional::stream).forEach(history::remember);
    history.written = lines.size();
    return history;
  }

  private void remember(Journal.Event event) {
    if (events.size() == MOST) {
      events.removeLast();
    }
    events.addFirst(event);
  }

  /** One more event. */
  synchronized void add(Journal.Event event) {
    remember(event);
    try {
      if (++written > 2 * MOST) {
        out.close();
        Lines.replace(file, events.reversed().stream().map(Journal.Event::words).toList());
        out = Lines.opened(file);
        written = events.size();
      } else {
        Lines.append(out, event.words());
      }
      troubled = false;
    } catch (IOException e) {
      if (!troubled) {
        troubled = true;
        log.warn("{} cannot be written ({}); what happens to modules is not remembered over a restart", file, e.toString());
      }
    }
  }

  /** The latest first. */
  synchronized List<Journal.Event> events() {
    return List.copyOf(events);
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}
