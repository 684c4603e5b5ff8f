package dev.tenon.registry.consul.configure;

import dev.tenon.registry.consul.ask.Answer;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.ask.Query;
import dev.tenon.registry.consul.ask.Unanswered;
import dev.tenon.registry.consul.read.Answers;
import dev.tenon.registry.consul.read.Entry;
import dev.tenon.registry.consul.read.Several;
import dev.tenon.registry.consul.watch.Poll;
import dev.tenon.spi.config.ConfigListing;
import dev.tenon.spi.config.ConfigStore;
import dev.tenon.spi.config.ConfigText;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Configuration below a prefix of Consul's key-value store: each key is one text, followed by a blocking
 * query that the leader answers. Written by check-and-set in one transaction. Thread-safe.
 */
public final class KeyConfig implements ConfigStore, AutoCloseable {
  /** Of which texts are read. */
  private static final int MOST_KEYS = 10_000;

  private final Consul consul;
  private final String prefix;
  private final String path;
  private final Cell<ConfigListing> listing = new Cell<>();
  private final Thread thread;
  private final Map<String, Moment> changedAt = new HashMap<>();
  private Map<String, Known> known = Map.of();
  private Optional<ConfigListing> said = Optional.empty();

  /** What lies at a path, as it was read last. */
  record Known(Optional<String> text, long modified) {}

  private record Moment(long modified, Instant seen) {}

  private KeyConfig(Consul consul, String prefix, Duration wait) {
    this.consul = consul;
    this.prefix = prefix;
    this.path = Keys.path(prefix);
    Poll poll = Poll.keys(consul, path, wait, new Poll.Listener() {
      @Override
      public void answered(Answer answer) throws IOException {
        take(answer);
      }

      @Override
      public void well(Answer answer) {
        found();
      }

      @Override
      public void trouble(String reason) {
        lost(reason);
      }
    });
    thread = Thread.ofVirtual().name("consul-config").unstarted(() -> {
      try {
        poll.run();
      } catch (InterruptedException _) {
        // the module ends
      }
    });
  }

  /**
   * Begins to follow.
   *
   * @param prefix ends with a slash
   */
  public static KeyConfig follow(Consul consul, String prefix, Duration wait) {
    KeyConfig config = new KeyConfig(consul, prefix, wait);
    config.thread.start();
    return config;
  }

  @Override
  public String name() {
    return "consul";
  }

  @Override
  public Source<ConfigListing> listing() {
    return listing;
  }

  private synchronized void take(Answer answer) throws IOException {
    Several<Entry> entries = Answers.entries(answer.body());
    if (answer.filtered() && entries.items().size() < known.size()) {
      throw new Unanswered("the token may not read all keys below " + prefix + " any more; what was known stays");
    }
    Map<String, Known> now = new HashMap<>();
    List<ConfigText> texts = new ArrayList<>();
    List<Finding> problems = new ArrayList<>();
    entries.refused().forEach(each -> problems.add(error(origin(""), each)));
    for (Entry entry : entries.items()) {
      String below = entry.key().substring(Math.min(prefix.length(), entry.key().length()));
      if (below.isEmpty() || below.endsWith("/")) {
        continue;
      }
      if (texts.size() == MOST_KEYS) {
        problems.add(error(origin(""), "there are more than " + MOST_KEYS + " keys; the others are not read"));
        break;
      }
      Optional<String> text = text(entry);
      now.put(below, new Known(text, entry.modified()));
      texts.add(new ConfigText(below, origin(below), text.orElse(""), text.isPresent() ? List.of()
          : List.of(error(origin(below), "is not UTF-8")), changed(below, entry)));
    }
    changedAt.keySet().retainAll(now.keySet());
    known = now;
    ConfigListing all = new ConfigListing(texts, problems.isEmpty(), problems);
    said = Optional.of(all);
    listing.set(all);
  }

  /** Consul does not say when a key was written: when this index was first seen. */
  private Instant changed(String below, Entry entry) {
    Moment before = changedAt.get(below);
    if (before == null || before.modified() != entry.modified()) {
      before = new Moment(entry.modified(), Instant.now());
      changedAt.put(below, before);
    }
    return before.seen();
  }

  private static Optional<String> text(Entry entry) {
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(entry.value().duplicate()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private String origin(String below) {
    return "consul:" + prefix + below;
  }

  private static Finding error(String origin, String message) {
    return new Finding(Finding.Severity.ERROR, "TEN0100", Position.of(origin), "", message);
  }

  private synchronized void lost(String reason) {
    listing.set(said.orElse(ConfigListing.of(List.of())).lost(origin(""), reason));
  }

  /** The same index as before is an answer too: what was lost for a moment is there again. */
  private synchronized void found() {
    said.ifPresent(listing::set);
  }

  @Override
  public void commit(List<Write> writes) throws IOException {
    String body;
    synchronized (this) {
      for (Write write : writes) {
        if (!Optional.ofNullable(known.get(write.path())).flatMap(Known::text).equals(write.before())) {
          throw new Conflict(write.path(), "key " + prefix + write.path() + " has been written by somebody else meanwhile");
        }
      }
      body = Keys.transaction(prefix, writes, known);
    }
    Consul.Reply reply = consul.put("/v1/txn", List.of(), body);
    if (reply.status() == 409) {
      String named = Keys.failed(reply.body()).filter(each -> each < writes.size()).map(each -> writes.get(each).path()).orElse("");
      throw new Conflict(named, "key " + prefix + named + " has been written by somebody else meanwhile");
    }
    if (reply.status() != 200) {
      throw new IOException("Consul answered " + reply.status() + ": " + Consul.firstLine(reply.body()));
    }
    take(consul.get(path, new Query("", false, 0, Duration.ZERO, true)));
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
