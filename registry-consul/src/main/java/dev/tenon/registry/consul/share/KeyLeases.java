package dev.tenon.registry.consul.share;

import dev.tenon.registry.consul.ask.Answer;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.ask.Query;
import dev.tenon.registry.consul.ask.Unanswered;
import dev.tenon.registry.consul.configure.Keys;
import dev.tenon.registry.consul.lead.Session;
import dev.tenon.registry.consul.read.Answers;
import dev.tenon.registry.consul.read.Entry;
import dev.tenon.registry.consul.read.Several;
import dev.tenon.registry.consul.watch.Pace;
import dev.tenon.registry.consul.watch.Poll;
import dev.tenon.spi.registry.LeaseStore;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases below a prefix of Consul's key-value store, each locked by the session of the control plane that
 * holds it: when that dies, Consul ends its session, and the key is nobody's. Followed by one blocking query
 * that the leader answers. Nothing is asked before the first subscription. Thread-safe.
 */
public final class KeyLeases implements LeaseStore, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeyLeases.class);

  /** How long a control plane may be silent before what it holds is nobody's; Consul takes at most twice that. */
  private static final Duration LIFE = Duration.ofSeconds(10);

  private final Consul consul;
  private final String prefix;
  private final Session session;
  private final SessionFile file;
  private final Poll poll;
  private final Cell<View> view = new Cell<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, Long> taken = new HashMap<>();
  private final Set<String> former = ConcurrentHashMap.newKeySet();
  private Map<String, Entry> known = new HashMap<>();
  private boolean read;
  private long told;
  private boolean ending;
  private boolean closed;
  private String trouble = "";

  /**
   * Asks nothing yet.
   *
   * @param prefix ends with a slash
   * @param who what this control plane calls itself
   * @param file where the session's name is kept, so that the next generation, or the next process, goes on with it
   */
  public KeyLeases(Consul consul, String prefix, String who, Duration wait, Path file) {
    this.consul = consul;
    this.prefix = prefix;
    this.file = new SessionFile(file);
    this.session = new Session(consul, "leases of tenon control plane " + who, LIFE, Duration.ZERO);
    this.poll = Poll.keys(consul, Keys.path(prefix), wait, new Poll.Listener() {
      @Override
      public void answered(Answer answer) throws IOException {
        // The poll's own answers follow one another: an index that goes backwards is Consul's reset.
        take(answer, answer.index() < told);
        told = answer.index();
      }

      @Override
      public void well(Answer answer) {
        trouble("");
      }

      @Override
      public void trouble(String reason) {
        KeyLeases.this.trouble(reason);
      }
    });
  }

  @Override
  public String name() {
    return "consul";
  }

  @Override
  public Source<View> view() {
    return subscriber -> {
      begin();
      return view.subscribe(subscriber);
    };
  }

  private synchronized void begin() {
    if (threads.isEmpty() && !closed) {
      file.read().ifPresent(session::resume);
      threads.add(Thread.ofVirtual().name("consul-leases").start(() -> untilInterrupted(poll::run)));
      threads.add(Thread.ofVirtual().name("consul-leases-session").start(() -> untilInterrupted(this::renew)));
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private static void untilInterrupted(Work work) {
    try {
      work.run();
    } catch (InterruptedException _) {
      // the module ends
    }
  }

  private void renew() throws InterruptedException {
    int failures = 0;
    while (true) {
      try {
        live();
        failures = 0;
        Thread.sleep(LIFE.dividedBy(3));
      } catch (IOException e) {
        if (++failures == 1) {
          log.warn("the session that holds the leases cannot be renewed: {}", e.getMessage());
        }
        Thread.sleep(Pace.afterFailures(failures));
      }
    }
  }

  /** Renews the session. With a new one nothing is held that was; the next view says so. */
  private void live() throws Unanswered {
    synchronized (session) {
      if (!session.renew()) {
        former.add(session.id());
        session.make();
        file.write(session.id());
      }
    }
    publish();
  }

  /**
   * Takes in what lies there.
   *
   * @param whole whether it was asked for after all that was written; else it may be older, key by key
   */
  private synchronized void take(Answer answer, boolean whole) throws IOException {
    Several<Entry> entries = Answers.entries(answer.body());
    entries.refused().forEach(each -> log.warn("{}", each));
    if (answer.filtered() && entries.items().size() < known.size()) {
      throw new Unanswered("the token may not read all keys below " + prefix + " any more; what was known stays");
    }
    Map<String, Entry> now = new HashMap<>();
    for (Entry entry : entries.items()) {
      boolean ours = entry.key().length() > prefix.length() && !entry.key().endsWith("/");
      if (ours && (whole || entry.modified() > taken.getOrDefault(entry.key(), 0L))) {
        now.put(entry.key(), whole ? entry : newer(entry));
      }
    }
    if (!whole) {
      known.values().stream().filter(each -> each.modified() > answer.index()).forEach(each -> now.putIfAbsent(each.key(), each));
    }
    taken.keySet().retainAll(whole ? List.of() : entries.items().stream().map(Entry::key).toList());
    known = now;
    read = true;
    publish();
  }

  private Entry newer(Entry entry) {
    Entry before = known.get(entry.key());
    return before != null && before.modified() > entry.modified() ? before : entry;
  }

  private synchronized void trouble(String reason) {
    trouble = reason;
    publish();
  }

  private synchronized void publish() {
    if (!read || closed) {
      return;
    }
    String ours = session.id();
    Map<String, Kept> leases = new HashMap<>();
    known.forEach((key, entry) -> leases.put(key.substring(prefix.length()), new Kept(
        StandardCharsets.UTF_8.decode(entry.value().duplicate()).toString(),
        holder(entry.session(), ours))));
    view.set(new View(leases, trouble));
  }

  /** A session of our own that has ended holds nothing, even where Consul has not said so yet. */
  private Holder holder(String holds, String ours) {
    if (holds.equals(ours) && !ours.isEmpty()) {
      return Holder.OURS;
    }
    return holds.isEmpty() || former.contains(holds) ? Holder.NOBODY : Holder.ANOTHER;
  }

  @Override
  public void write(Map<String, Optional<String>> texts) throws IOException {
    Map<String, Optional<String>> rest = new LinkedHashMap<>();
    texts.forEach((key, text) -> rest.put(prefix + key, text));
    if (session.id().isEmpty()) {
      live();
    }
    if (!read()) {
      refresh();
    }
    // Each round writes some keys, or finds one that another control plane wrote.
    for (int round = 0; !rest.isEmpty() && round < 2 * texts.size() + 2; round++) {
      Operations operations = new Operations();
      List<String> keys = fill(operations, rest);
      if (!operations.isEmpty()) {
        Consul.Reply reply = consul.put("/v1/txn", List.of(), operations.body());
        if (reply.status() == 409) {
          settle(operations, reply, rest);
          continue;
        }
        if (reply.status() != 200) {
          throw new IOException("Consul answered " + reply.status() + ": " + Consul.firstLine(reply.body()));
        }
        written(keys, rest, Operations.results(reply.body()));
      }
      keys.forEach(rest::remove);
    }
    if (!rest.isEmpty()) {
      throw new IOException("others write the same keys below " + prefix + " all the time");
    }
  }

  private synchronized boolean read() {
    return read;
  }

  private synchronized List<String> fill(Operations operations, Map<String, Optional<String>> rest) {
    List<String> keys = new ArrayList<>();
    for (Map.Entry<String, Optional<String>> each : rest.entrySet()) {
      if (!operations.add(each.getKey(), known.get(each.getKey()), each.getValue(), session.id())) {
        break;
      }
      keys.add(each.getKey());
    }
    return keys;
  }

  private synchronized void written(List<String> keys, Map<String, Optional<String>> texts, List<Entry> results) {
    for (String key : keys) {
      if (Objects.requireNonNull(texts.get(key)).isEmpty()) {
        Entry gone = known.remove(key);
        if (gone != null) {
          taken.put(key, gone.modified());
        }
      }
    }
    // Consul repeats no values.
    results.forEach(each -> {
      ByteBuffer value = StandardCharsets.UTF_8.encode(Optional.ofNullable(texts.get(each.key())).flatMap(text -> text).orElse("")).asReadOnlyBuffer();
      known.put(each.key(), new Entry(each.key(), value, each.modified(), each.session()));
      taken.remove(each.key());
    });
    publish();
  }

  /** One key was not as it was known. If another wrote it, that stands; if it is still ours to write, it is tried again. */
  private void settle(Operations operations, Consul.Reply reply, Map<String, Optional<String>> rest) throws IOException {
    Optional<String> key = Keys.failed(reply.body()).flatMap(operations::key);
    Entry before;
    synchronized (this) {
      before = key.map(known::get).orElse(null);
    }
    refresh();
    Entry now;
    synchronized (this) {
      now = key.map(known::get).orElse(null);
    }
    if (key.isEmpty() || Objects.equals(before, now)) {
      live();
      throw new IOException("Consul refuses: " + Consul.firstLine(reply.body()));
    }
    if (now != null && !now.session().equals(session.id())) {
      rest.remove(key.get());
    }
  }

  private void refresh() throws IOException {
    take(consul.get(Keys.path(prefix), new Query("", false, 0, Duration.ZERO, true)), true);
  }

  /** Nobody goes on with the session: what it holds is given up when this closes. */
  public synchronized void ends() {
    ending = true;
  }

  @Override
  public void close() {
    boolean last;
    synchronized (this) {
      closed = true;
      last = ending;
      threads.forEach(Thread::interrupt);
    }
    if (last) {
      try {
        session.end();
      } catch (Unanswered e) {
        log.debug("the session ends by itself", e);
      }
    }
  }
}
