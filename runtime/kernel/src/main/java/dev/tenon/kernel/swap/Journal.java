package dev.tenon.kernel.swap;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happened to modules: the latest hundred events, and the log. Thread-safe. */
public final class Journal {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final int MOST = 100;

  /**
   * One thing that happened.
   *
   * @param atMillis when, since 1970
   * @param module its name, or the file's where no module is known
   * @param event one word: started, warmed, switched, ended (connections, at the drain deadline),
   *     drained, not-carried (state of the old generation), unloaded, failed, refused, kept, removed
   * @param detail one line
   */
  public record Event(long atMillis, String module, String event, String detail) {}

  private final Deque<Event> events = new ArrayDeque<>();

  /** An empty journal. */
  public Journal() {}

  void note(String module, String event, String detail) {
    log.info("{} {}{}", module, event, detail.isEmpty() ? "" : ": " + detail);
    add(module, event, detail);
  }

  void trouble(String module, String event, String detail) {
    log.error("{} {}: {}", module, event, detail);
    add(module, event, detail);
  }

  private synchronized void add(String module, String event, String detail) {
    if (events.size() == MOST) {
      events.removeLast();
    }
    events.addFirst(new Event(System.currentTimeMillis(), module, event, detail));
  }

  /** The latest first. */
  public synchronized List<Event> events() {
    return List.copyOf(events);
  }
}
