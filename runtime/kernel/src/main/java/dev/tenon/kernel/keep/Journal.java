package dev.tenon.kernel.keep;

import dev.tenon.kernel.plan.Given;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what happens to modules: a line in the log, an event in the history, a count. The history is the
 * latest thousand events, over restarts. Thread-safe.
 */
public final class Journal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final int MOST_COUNTS = 5_000;
  private static final int LONGEST = 2_000;

  /**
   * One thing that happened.
   *
   * @param atMillis when, since 1970
   * @param module its name, or the file's where no module is known
   * @param build version and content; empty where none is meant
   * @param event one word. In the order of a life: planned, loaded, verified, started, ready, warmed,
   *     switched, ended (connections, at the drain deadline), drained, closed, unloaded. Beside it: failed,
   *     refused, passed, held (an earlier process died of it), kept, removed, not-carried (state of the old generation), stuck,
   *     left (something behind), leaked (its class loader is held), gone (a leak, after all), asked (by a command)
   * @param detail one line, at most 2,000 characters
   */
  public record Event(long atMillis, String module, String build, String event, String detail) {
    public Event {
      detail = detail.length() > LONGEST ? detail.substring(0, LONGEST - 1) + "…" : detail;
    }

    List<String> words() {
      return List.of(Long.toString(atMillis), module, build, event, detail);
    }

    /** Empty when a crash left a part of a line. */
    static Optional<Event> of(List<String> words) {
      try {
        return words.size() == 5
            ? Optional.of(new Event(Long.parseLong(words.getFirst()), words.get(1), words.get(2), words.get(3), words.get(4)))
            : Optional.empty();
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
  }

  /** What is counted. */
  public record Counted(String module, String event) implements Comparable<Counted> {
    @Override
    public int compareTo(Counted other) {
      int byModule = module.compareTo(other.module);
      return byModule == 0 ? event.compareTo(other.event) : byModule;
    }
  }

  private final History history;
  private final Map<Counted, Long> counts = new TreeMap<>();

  private Journal(History history) {
    this.history = history;
  }

  /**
   * Goes on with the history in a file.
   *
   * @throws IOException when it cannot be written to
   */
  public static Journal open(Path file) throws IOException {
    return new Journal(History.open(file));
  }

  /** Something went as it should. */
  public void note(String module, String event, String detail) {
    note(module, "", event, detail);
  }

  /** Something went as it should with a build. */
  public void note(Given jar, String event, String detail) {
    note(jar.module(), jar.build(), event, detail);
  }

  private void note(String module, String build, String event, String detail) {
    log.info("{} {}{}{}", module, event, build.isEmpty() ? "" : " " + build, detail.isEmpty() ? "" : ": " + detail);
    add(module, build, event, detail);
  }

  /** The same, but only the log at level debug has a line of it. */
  public void whisper(Given jar, String event, String detail) {
    log.debug("{} {} {}{}", jar.module(), event, jar.build(), detail.isEmpty() ? "" : ": " + detail);
    add(jar.module(), jar.build(), event, detail);
  }

  /** Something went wrong. */
  public void trouble(String module, String event, String detail) {
    log.error("{} {}: {}", module, event, detail);
    add(module, "", event, detail);
  }

  /** Something went wrong with a build. */
  public void trouble(Given jar, String event, String detail) {
    log.error("{} {} {}: {}", jar.module(), event, jar.build(), detail);
    add(jar.module(), jar.build(), event, detail);
  }

  private void add(String module, String build, String event, String detail) {
    history.add(new Event(System.currentTimeMillis(), module, build, event, detail));
    synchronized (counts) {
      Counted key = new Counted(module, event);
      if (counts.size() < MOST_COUNTS || counts.containsKey(key)) {
        counts.merge(key, 1L, Long::sum);
      }
    }
  }

  /** The latest first, also those of earlier processes. */
  public List<Event> events() {
    return history.events();
  }

  /** How often each event happened to each module in this process. */
  public Map<Counted, Long> counts() {
    synchronized (counts) {
      return new TreeMap<>(counts);
    }
  }

  @Override
  public void close() throws IOException {
    history.close();
  }
}
