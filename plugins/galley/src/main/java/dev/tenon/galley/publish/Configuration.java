package dev.tenon.galley.publish;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.decode.Outcome;
import dev.tenon.galley.publish.State.Held;
import dev.tenon.galley.source.Directory;
import dev.tenon.galley.source.LastGood;
import dev.tenon.galley.source.Look;
import dev.tenon.galley.source.SourceFile;
import dev.tenon.galley.source.Sources;
import dev.tenon.galley.validate.Validators;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.TextParser;
import dev.tenon.spi.config.Validator;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is in force in step with its sources. There is no value before the directory, and each source
 * that is required, has been read once; an object that becomes invalid stays as it was.
 *
 * <p>Thread-safe: one scan or edit at a time.
 */
public final class Configuration implements Rules {
  private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Sources sources;
  private final LastGood lastGood;
  private final String domain;
  private final Cell<RuleSet> rules = new Cell<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final Map<ObjectKey, Written> written = new HashMap<>();
  private @Nullable TextParser parser;
  private Validators validators = Validators.NONE;
  private @Nullable Reader reader;
  private State state = State.NOTHING;
  private boolean complete;

  /** Whether the last look saw all there was: then the same files mean the same state. */
  private boolean calm;

  /**
   * @param domain the mesh's, for example {@code cluster.local}
   */
  public Configuration(Sources sources, LastGood lastGood, String domain) {
    this.sources = sources;
    this.lastGood = lastGood;
    this.domain = domain;
  }

  @Override
  public Source<RuleSet> rules() {
    return rules;
  }

  /** Done when there is a first value. */
  public CompletionStage<Void> ready() {
    return ready.minimalCompletionStage();
  }

  /** Who parses from now on; nothing is read while there is nobody. */
  public void parser(@Nullable TextParser parser) {
    locked(
        () -> {
          this.parser = parser;
          changeReader();
        });
  }

  /** Who is asked about objects from now on; all are asked again at the next scan. */
  public void validators(List<Validator> validators) {
    locked(
        () -> {
          this.validators = new Validators(validators);
          changeReader();
        });
  }

  private void changeReader() {
    reader = parser == null ? null : new Reader(parser, validators);
    // What files say is asked anew; what is in force stays until then.
    state = new State(state.held(), Map.of(), state.findings());
    calm = false;
  }

  /** Looks at the directory, and publishes what changed. */
  public void scan() {
    locked(this::scanLocked);
  }

  void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  /** The present state; within {@link #locked} it stays. */
  State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** Reads texts now, if there is a parser and a first scan was made. */
  @Nullable Reader reader() {
    lock.lock();
    try {
      return complete ? reader : null;
    } finally {
      lock.unlock();
    }
  }

  Directory directory() {
    return sources.directory();
  }

  Sources sources() {
    return sources;
  }

  /** Lets go of objects whose source is gone. */
  void forget(Set<ObjectKey> keys) {
    if (keys.isEmpty()) {
      return;
    }
    locked(
        () -> {
          NavigableMap<ObjectKey, Held> left = new TreeMap<>(state.held());
          keys.forEach(left::remove);
          state = new State(left, state.views(), state.findings());
          calm = false;
          scanLocked();
        });
  }

  /** Who is asked about objects; within {@link #locked} it stays. */
  Validators validators() {
    lock.lock();
    try {
      return validators;
    } finally {
      lock.unlock();
    }
  }

  String domain() {
    return domain;
  }

  private void scanLocked() {
    Reader present = reader;
    if (present == null) {
      return;
    }
    NavigableMap<ObjectKey, Held> before = complete ? state.held() : remembered(present);
    Look look = sources.look();
    Map<String, FileView> views = new HashMap<>();
    for (SourceFile file : look.files()) {
      FileView known = state.views().get(file.path());
      views.put(file.path(), known != null && known.file().equals(file) ? known : present.view(file));
    }
    if (complete && calm && look.problems().isEmpty() && views.equals(state.views())) {
      return;
    }
    calm = look.whole().contains("") && look.problems().isEmpty();
    State next = Merge.merge(before, views, look, domain, validators);
    log(next);
    state = next;
    if (!complete && !(look.whole().contains("") && knowsAllRequired(next))) {
      return;
    }
    complete = true;
    remember(next);
    rules.set(RuleSets.of(next.objects(), domain));
    ready.complete(null);
  }

  /** Whether every source that must have spoken has, or is remembered by what it said before. */
  private boolean knowsAllRequired(State next) {
    return sources.missing().stream()
        .allMatch(name -> next.held().values().stream().anyMatch(held -> held.source().equals(name)));
  }

  /** What was in force when the process ended, where it can still be read. */
  private NavigableMap<ObjectKey, Held> remembered(Reader present) {
    NavigableMap<ObjectKey, Held> result = new TreeMap<>();
    for (LastGood.Copy copy : lastGood.load()) {
      for (Outcome outcome : present.read(sources.origin(copy.from()), copy.yaml(), Reader.DEFAULT_NAMESPACE)) {
        if (outcome instanceof Outcome.Good good) {
          result.put(good.decoded().key(), new Held(good.decoded(), copy.from(), System.currentTimeMillis()));
        }
      }
    }
    return result;
  }

  private void remember(State next) {
    List<LastGood.Copy> copies = new ArrayList<>();
    next.held().forEach((key, held) -> copies.add(new LastGood.Copy(held.path(), copy(key, held))));
    lastGood.save(copies);
  }

  /** The YAML of an object, made once. */
  private record Written(Decoded decoded, String yaml) {}

  private String copy(ObjectKey key, Held held) {
    Written before = written.get(key);
    if (before != null && before.decoded().equals(held.decoded())) {
      return before.yaml();
    }
    String yaml = Layout.yaml(held.decoded());
    written.put(key, new Written(held.decoded(), yaml));
    return yaml;
  }

  private void log(State next) {
    Set<Finding> known = new HashSet<>(state.findings());
    Set<Finding> now = new HashSet<>(next.findings());
    next.findings().stream().filter(each -> !known.contains(each)).forEach(Configuration::log);
    long mended =
        known.stream().filter(each -> each.severity() == Finding.Severity.ERROR && !now.contains(each)).count();
    if (mended > 0) {
      LOG.info("{} errors in {} are gone", mended, sources.directory().root());
    }
    if (!next.held().keySet().equals(state.held().keySet())) {
      LOG.info("{} objects in force from {}", next.held().size(), sources.directory().root());
    }
    written.keySet().removeIf(key -> !next.held().containsKey(key));
  }

  private static void log(Finding finding) {
    if (finding.severity() == Finding.Severity.INFO) {
      LOG.info("{}", finding);
    } else {
      LOG.warn("{}", finding);
    }
  }
}
