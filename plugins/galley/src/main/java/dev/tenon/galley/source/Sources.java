package dev.tenon.galley.source;

import dev.tenon.spi.config.ConfigListing;
import dev.tenon.spi.config.ConfigSource;
import dev.tenon.spi.config.ConfigStore;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.lifecycle.Offer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Galley's own directory, which edits go to, and the sources that plug-ins offer.
 *
 * <p>Thread-safe but for {@link #look}, which one thread at a time may call.
 */
public final class Sources implements AutoCloseable {
  /** What the directory is called in status. */
  public static final String DIRECTORY = "directory";

  private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Directory directory;
  private final Set<String> required;
  private final Duration pause;
  private final Map<String, Line> lines = new TreeMap<>();
  private volatile Runnable changed = () -> {};
  private volatile Standing own = new Standing(DIRECTORY, Standing.State.STARTING, Instant.now(), "has not been read yet");

  /**
   * @param required names of sources without which nothing is published the first time
   */
  public Sources(Directory directory, Set<String> required) {
    this(directory, required, PAUSE);
  }

  /**
   * @param pause how long a source that throws is left alone the first time
   */
  public Sources(Directory directory, Set<String> required, Duration pause) {
    this.directory = directory;
    this.required = Set.copyOf(required);
    this.pause = pause;
  }

  /** Who is told, on any thread, that a source of a plug-in has something new. */
  public void onChange(Runnable changed) {
    this.changed = changed;
  }

  /** The place that edits are written to. */
  public Directory directory() {
    return directory;
  }

  /** How a path is named in messages. */
  public String origin(String path) {
    return SourceFile.sourceOf(path).isEmpty() ? directory.origin(path) : path;
  }

  /** Which sources there are from now on; what one that is gone said stays. */
  public synchronized void offered(List<Offer<ConfigSource>> offers) {
    Map<String, ConfigSource> there = new LinkedHashMap<>();
    for (Offer<ConfigSource> offer : offers) {
      if (offer.module().equals(DIRECTORY) || there.putIfAbsent(offer.module(), offer.service()) != null) {
        LOG.warn("a configuration source of {} is not listened to: one source a module, and none called {}", offer.module(), DIRECTORY);
      }
    }
    lines.forEach(
        (name, line) -> {
          if (line.isConnected() && !there.containsKey(name)) {
            LOG.warn("the configuration source {} is gone; what it said last stays in force", name);
            line.disconnect("no module offers it any more");
          }
        });
    there.forEach((name, source) -> lines.computeIfAbsent(name, each -> new Line(each, pause, () -> changed.run())).connect(source));
  }

  /** Looks into the directory, and takes what the others said last. */
  public Look look() {
    ConfigListing listing = directory.scan();
    stands(listing);
    List<SourceFile> files = new ArrayList<>(listing.texts().stream().map(SourceFile::inDirectory).toList());
    List<Finding> problems = new ArrayList<>(listing.problems());
    Set<String> whole = new HashSet<>();
    if (listing.whole()) {
      whole.add("");
    }
    synchronized (this) {
      lines.values().forEach(line -> line.add(files, problems, whole));
    }
    return new Look(files, whole, problems);
  }

  private void stands(ConfigListing listing) {
    Standing.State state = listing.whole() ? Standing.State.CURRENT : Standing.State.STALE;
    String reason = listing.whole() || listing.problems().isEmpty() ? "" : listing.problems().getFirst().message();
    if (own.state() != state || !own.reason().equals(reason)) {
      own = new Standing(DIRECTORY, state, Instant.now(), reason);
    }
  }

  /** Required sources that have said nothing yet. */
  public synchronized List<String> missing() {
    return required.stream()
        .filter(
            name -> {
              Line line = lines.get(name);
              return line == null || !line.hasSpoken();
            })
        .sorted()
        .toList();
  }

  /** A source that can be written to, by the name of the module that offers it. */
  public record Store(String source, ConfigStore store) {}

  /** Every source that can be written to, by what an operator calls it. Kept by nobody longer than for one edit. */
  public synchronized Map<String, Store> stores() {
    Map<String, Store> stores = new TreeMap<>();
    lines.forEach((source, line) -> line.store().ifPresent(store -> nameOf(source, store).ifPresent(name -> stores.putIfAbsent(name, new Store(source, store)))));
    return stores;
  }

  private static Optional<String> nameOf(String source, ConfigStore store) {
    try {
      return Optional.of(store.name());
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("the configuration store of {} does not say its name", source, e);
      return Optional.empty();
    }
  }

  /** How a text of another source is named among all. */
  public static String path(String source, String below) {
    return SourceFile.pathOf(source, below);
  }

  /** How each source stands, the directory first. */
  public synchronized List<Standing> standings() {
    List<Standing> standings = new ArrayList<>(List.of(own));
    lines.values().forEach(line -> standings.add(line.standing()));
    return standings;
  }

  @Override
  public synchronized void close() {
    lines.values().forEach(line -> line.disconnect("galley has ended"));
  }
}
