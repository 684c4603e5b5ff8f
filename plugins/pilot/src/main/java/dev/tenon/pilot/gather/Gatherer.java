package dev.tenon.pilot.gather;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to all registries and to the rules. Says nothing before the rules have been read and every
 * registry on offer has a whole catalog, so that no proxy is ever told of an empty mesh by mistake;
 * after that a registry that is lost keeps its last catalog.
 *
 * <p>Thread-safe. It publishes on the thread of whoever changed something, under its lock:
 * subscribers must return at once and take no lock of theirs.
 */
public final class Gatherer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gatherer.class);

  private final Optional<Set<String>> required;
  private final NameBook names;
  private final Later later;
  private final Cell<Inputs> inputs = new Cell<>();
  private final NavigableMap<String, RegistryLine> lines = new TreeMap<>();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private @Nullable Rules rulesOffered;
  private @Nullable Subscription rulesSubscription;
  private @Nullable RuleSet rules;
  private int depth;
  private boolean complete;
  private boolean coming;
  private boolean closed;

  /**
   * Starts to listen.
   *
   * @param required names of registries without which nothing is published; when absent, those that have come then,
   *     and at least one
   * @param came done when every registry that the process starts with has come, or will not
   * @param names looks up what rules and registries name; its own from now on
   * @param later when a registry that flapped is believed again
   */
  public Gatherer(
      Source<List<Offer<Registry>>> registries,
      Source<List<Offer<Rules>>> rules,
      Optional<Set<String>> required,
      CompletionStage<Void> came,
      NameBook names,
      Later later) {
    this.names = names;
    this.later = later;
    names.belongsTo(this::change);
    this.required = required.map(Set::copyOf);
    this.coming = required.isEmpty();
    change(
        () -> {
          subscriptions.add(rules.subscribe(offers -> change(() -> rulesOffered(offers))));
          subscriptions.add(registries.subscribe(offers -> change(() -> registriesOffered(offers))));
        });
    came.thenRun(() -> change(() -> coming = false));
  }

  /** All there is, from the moment that everything has spoken. */
  public Source<Inputs> inputs() {
    return inputs;
  }

  /** Every registry that was ever there, by name. */
  public synchronized List<RegistryView> registries() {
    return lines.values().stream().map(RegistryLine::view).toList();
  }

  /** What is still missing before anything can be published; empty when nothing is. */
  public synchronized List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (rules == null) {
      missing.add("the rules");
    }
    if (coming) {
      missing.add("every registry of the profile");
    } else if (required.isEmpty() && lines.isEmpty()) {
      missing.add("a registry");
    }
    required.orElse(Set.of()).stream()
        .sorted()
        .filter(name -> !lines.containsKey(name))
        .forEach(name -> missing.add("registry " + name));
    if (!names.isComplete()) {
      missing.add("the addresses of hosts that rules or registries name");
    }
    lines.forEach(
        (name, line) -> {
          if (line.isAwaited() || (line.catalog() == null && required.orElse(Set.of()).contains(name))) {
            missing.add("the catalog of registry " + name);
          }
        });
    return missing;
  }

  @Override
  public void close() {
    List<Subscription> open;
    synchronized (this) {
      closed = true;
      open = new ArrayList<>(subscriptions);
      if (rulesSubscription != null) {
        open.add(rulesSubscription);
      }
      rulesOffered = null;
      names.close();
      lines.values().forEach(line -> line.disconnect("pilot has ended"));
    }
    open.forEach(Subscription::close);
  }

  /**
   * Makes a change and publishes what came of it; a change within a change is part of that. A registry
   * that joins later holds nothing up: only the first value waits for all.
   */
  synchronized void change(Runnable change) {
    if (closed) {
      return;
    }
    depth++;
    try {
      change.run();
    } finally {
      depth--;
    }
    if (depth > 0) {
      return;
    }
    NavigableMap<String, Catalog> catalogs = catalogs();
    names.follow(rules == null ? RuleSet.EMPTY : rules, catalogs.values());
    if (complete || missing().isEmpty()) {
      complete = true;
      inputs.set(new Inputs(catalogs, rules == null ? RuleSet.EMPTY : rules, names.addresses()));
    }
  }

  private NavigableMap<String, Catalog> catalogs() {
    NavigableMap<String, Catalog> catalogs = new TreeMap<>();
    lines.forEach(
        (name, line) -> {
          Catalog catalog = line.catalog();
          if (catalog != null) {
            catalogs.put(name, catalog);
          }
        });
    return catalogs;
  }

  private void registriesOffered(List<Offer<Registry>> offers) {
    Map<String, Registry> there = new HashMap<>();
    for (Offer<Registry> offer : offers) {
      nameOf(offer).ifPresent(name -> {
        if (there.putIfAbsent(name, offer.service()) != null) {
          LOG.warn("two registries are called {}; the one of module {} is not listened to", name, offer.module());
        }
      });
    }
    lines.forEach(
        (name, line) -> {
          if (line.isOffered() && !there.containsKey(name)) {
            LOG.warn("registry {} is gone; its last catalog stays in force", name);
            line.disconnect("no module offers it any more");
          }
        });
    there.forEach(
        (name, registry) -> {
          RegistryLine line = lines.computeIfAbsent(name, each -> new RegistryLine(each, this, later));
          if (!line.holds(registry)) {
            line.connect(registry);
          }
        });
  }

  private static Optional<String> nameOf(Offer<Registry> offer) {
    try {
      return Optional.of(offer.service().name());
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("the registry of module {} does not even say its name; it is not listened to", offer.module(), e);
      return Optional.empty();
    }
  }

  private void rulesOffered(List<Offer<Rules>> offers) {
    Rules next = offers.isEmpty() ? null : offers.getFirst().service();
    if (Objects.equals(next, rulesOffered)) {
      return;
    }
    if (rulesSubscription != null) {
      rulesSubscription.close();
      rulesSubscription = null;
    }
    rulesOffered = next;
    if (next != null) {
      rulesSubscription = next.rules().subscribe(value -> change(() -> ruleSet(next, value)));
    }
  }

  private void ruleSet(Rules from, RuleSet value) {
    if (from.equals(rulesOffered)) {
      rules = value;
    }
  }
}
