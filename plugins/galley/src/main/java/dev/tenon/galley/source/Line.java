package dev.tenon.galley.source;

import dev.tenon.galley.source.Standing.State;
import dev.tenon.spi.config.ConfigListing;
import dev.tenon.spi.config.ConfigSource;
import dev.tenon.spi.config.ConfigStore;
import dev.tenon.spi.config.ConfigText;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.stream.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one source that a plug-in offers, by name: it outlives the object that is offered, and
 * what that said last stays until its successor has spoken. A source that throws is left alone for a
 * while, longer each time, and then asked again. Thread-safe.
 */
final class Line {
  private static final Logger LOG = LoggerFactory.getLogger(Line.class);
  private static final int MOST_TEXTS = 10_000;
  private static final long LARGEST_SUM = 64L << 20;
  private static final int LONGEST_PATH = 1024;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final String name;
  private final Duration firstPause;
  private final Runnable changed;
  private @Nullable ConfigSource source;
  private @Nullable Thread asking;
  private @Nullable Subscription subscription;
  private List<SourceFile> files = List.of();
  private List<Finding> problems = List.of();
  private Map<String, SourceFile> known = Map.of();
  private boolean whole;
  private boolean spoken;
  private Standing standing;

  /**
   * @param firstPause how long a source that throws is left alone the first time
   * @param changed told, on any thread, that there is something new to {@link #add}
   */
  Line(String name, Duration firstPause, Runnable changed) {
    this.name = name;
    this.firstPause = firstPause;
    this.changed = changed;
    this.standing = new Standing(name, State.STARTING, Instant.now(), "has not been read yet");
  }

  /** Listens to a source, in place of the one before; returns at once. */
  @SuppressWarnings("ReferenceEquality") // another object is another generation
  synchronized void connect(ConfigSource next) {
    if (source == next) {
      return;
    }
    letGo();
    source = next;
    asking = Thread.ofVirtual().name("galley-source-" + name).unstarted(() -> ask(next));
    asking.setContextClassLoader(next.getClass().getClassLoader());
    asking.start();
  }

  /** Lets go of the source and keeps what it said. */
  synchronized void disconnect(String reason) {
    letGo();
    stands(State.STALE, reason);
  }

  private void letGo() {
    if (asking != null) {
      asking.interrupt();
      asking = null;
    }
    if (subscription != null) {
      close(subscription);
      subscription = null;
    }
    source = null;
  }

  private void close(Subscription opened) {
    try {
      opened.close();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.warn("the configuration source {} fails to end its subscription", name, e);
    }
  }

  synchronized boolean isConnected() {
    return source != null;
  }

  /** What it is connected to, if that can be written to. */
  synchronized Optional<ConfigStore> store() {
    return source instanceof ConfigStore store ? Optional.of(store) : Optional.empty();
  }

  /** Whether it has said everything once. */
  synchronized boolean hasSpoken() {
    return spoken;
  }

  synchronized Standing standing() {
    return standing;
  }

  /** Adds what is known of it. */
  synchronized void add(List<SourceFile> to, List<Finding> problemsTo, Set<String> wholeTo) {
    to.addAll(files);
    problemsTo.addAll(problems);
    if (spoken && whole) {
      wholeTo.add(name);
    }
  }

  /** Subscribes, again and again while that fails. The source's code may throw, and may take its time. */
  private void ask(ConfigSource from) {
    Duration pause = firstPause;
    while (holds(from)) {
      try {
        keep(from, from.listing().subscribe(listing -> see(from, listing)));
        return;
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        failed(from, e, pause);
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
      pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private synchronized boolean holds(ConfigSource candidate) {
    return source == candidate;
  }

  private synchronized void keep(ConfigSource from, Subscription opened) {
    if (holds(from)) {
      subscription = opened;
    } else {
      close(opened);
    }
  }

  private void failed(ConfigSource from, Throwable failure, Duration pause) {
    synchronized (this) {
      if (!holds(from)) {
        return;
      }
      LOG.warn("the configuration source {} failed and is left alone for {} s", name, pause.toSeconds(), failure);
      stands(State.STALE, "failed (" + failure + "); it is asked again in " + pause.toSeconds() + " s");
    }
    changed.run();
  }

  private void see(ConfigSource from, ConfigListing listing) {
    synchronized (this) {
      if (!holds(from)) {
        return;
      }
      take(listing);
    }
    changed.run();
  }

  private void take(ConfigListing listing) {
    Map<String, SourceFile> next = new HashMap<>();
    List<Finding> wrong = new ArrayList<>(listing.problems());
    long sum = 0;
    for (ConfigText text : listing.texts()) {
      sum += text.text().length();
      String refusal = refusal(text, next, sum);
      if (refusal.isEmpty()) {
        SourceFile before = known.get(text.path());
        next.put(text.path(), before != null && before.content().equals(text) ? before : SourceFile.elsewhere(name, text));
      } else {
        wrong.add(new Finding(Finding.Severity.ERROR, "TEN0100", Position.of(name), "", refusal));
      }
    }
    known = next;
    files = next.values().stream().sorted(SourceFile.ORDER).toList();
    problems = List.copyOf(wrong);
    // A text that is not taken in may have held what is in force.
    whole = listing.whole() && wrong.size() == listing.problems().size();
    spoken |= listing.whole();
    stands(whole ? State.CURRENT : State.STALE, whole ? "" : reason(wrong));
  }

  private static String reason(List<Finding> problems) {
    return problems.isEmpty() ? "not everything could be read" : problems.getFirst().message();
  }

  private static String refusal(ConfigText text, Map<String, SourceFile> taken, long sum) {
    String path = text.path();
    if (path.isEmpty() || path.length() > LONGEST_PATH || path.chars().anyMatch(Character::isISOControl)) {
      return "gives a text a path of " + path.length() + " characters; it should have 1 to " + LONGEST_PATH + ", none of them a control";
    }
    if (taken.containsKey(path)) {
      return "gives two texts the path " + path + "; the first is read";
    }
    if (text.text().length() > Directory.LARGEST_FILE) {
      return path + " is larger than " + Directory.LARGEST_FILE + " characters; split it";
    }
    if (taken.size() >= MOST_TEXTS || sum > LARGEST_SUM) {
      return path + " is not read: at most " + MOST_TEXTS + " texts of " + LARGEST_SUM + " characters in all are";
    }
    return "";
  }

  private void stands(State state, String reason) {
    if (standing.state() != state || !standing.reason().equals(reason)) {
      standing = new Standing(name, state, Instant.now(), reason);
    }
  }
}
