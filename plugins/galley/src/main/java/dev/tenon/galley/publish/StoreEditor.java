package dev.tenon.galley.publish;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.publish.Edit.Change;
import dev.tenon.galley.publish.Edit.Result;
import dev.tenon.galley.publish.Edit.Text;
import dev.tenon.galley.publish.State.Held;
import dev.tenon.galley.source.SourceFile;
import dev.tenon.galley.source.Sources;
import dev.tenon.spi.config.ConfigStore.Conflict;
import dev.tenon.spi.config.ConfigStore.Write;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Changes what lies in a store of a plug-in: the set is judged as one for the directory is, then written
 * by check-and-set, all or nothing. An object that another place holds is not written a second time.
 */
public final class StoreEditor {
  private final Editor editor;
  private final Configuration configuration;

  /** Beside the editor of the directory. */
  public StoreEditor(Editor editor) {
    this.editor = editor;
    this.configuration = editor.configuration();
  }

  /** What is to be written, and what was found. */
  private static final class Plan {
    final List<Write> writes = new ArrayList<>();
    final List<Change> changes = new ArrayList<>();
    final List<ObjectKey> missing = new ArrayList<>();
    final List<Finding> findings;

    Plan(List<Finding> findings) {
      this.findings = findings;
    }
  }

  /**
   * Creates or replaces every object of a set there, or changes nothing.
   *
   * @param to the store's name
   * @throws Edit.NotReady when nothing has been read yet
   */
  public Result apply(String to, List<Text> texts, boolean strict, boolean dryRun, String namespace) {
    List<Finding> findings = new ArrayList<>();
    NavigableMap<ObjectKey, Decoded> set = editor.read(texts, namespace, findings);
    Optional<Sources.Store> store = store(to, findings);
    if (store.isEmpty() || findings.stream().anyMatch(Editor::isError)) {
      return Result.refused(findings);
    }
    Plan plan = new Plan(findings);
    configuration.locked(() -> plan(set, store.get(), plan));
    boolean refused = findings.stream()
        .anyMatch(each -> Editor.isError(each) || (strict && each.severity() == Finding.Severity.WARNING));
    if (refused) {
      return Result.refused(findings);
    }
    return dryRun ? new Result(true, plan.changes, findings, List.of()) : commit(to, store.get(), plan);
  }

  /** Deletes objects there; all that are there, or none. */
  public Result delete(String from, List<ObjectKey> keys, List<Text> texts, String namespace) {
    List<Finding> findings = new ArrayList<>();
    Set<ObjectKey> all = editor.named(keys, texts, namespace, findings);
    Optional<Sources.Store> store = store(from, findings);
    if (store.isEmpty() || findings.stream().anyMatch(Editor::isError)) {
      return Result.refused(findings);
    }
    Plan plan = new Plan(findings);
    configuration.locked(() -> {
      configuration.scan();
      all.forEach(key -> take(configuration.state(), key, store.get(), plan));
    });
    return findings.stream().anyMatch(Editor::isError) ? Result.refused(findings) : commit(from, store.get(), plan);
  }

  private Optional<Sources.Store> store(String name, List<Finding> findings) {
    NavigableMap<String, Sources.Store> stores = new TreeMap<>(configuration.sources().stores());
    if (!stores.containsKey(name)) {
      findings.add(Editor.error(Position.of("the request"), "TEN0109", "no source that can be written to is called " + name
          + (stores.isEmpty() ? "; there is none: the registry of Consul is one when its setting configuration names a prefix"
              : "; there is " + String.join(", ", stores.keySet()))));
    }
    return Optional.ofNullable(stores.get(name));
  }

  private void plan(NavigableMap<ObjectKey, Decoded> set, Sources.Store store, Plan plan) {
    configuration.scan();
    State state = configuration.state();
    NavigableMap<ObjectKey, Decoded> future = new TreeMap<>();
    state.held().forEach((key, held) -> future.put(key, held.decoded()));
    future.putAll(set);
    if (future.size() > Merge.MOST_OBJECTS) {
      plan.findings.add(Editor.error(Position.of("the request"), "TEN0105",
          "there would be " + future.size() + " objects; at most " + Merge.MOST_OBJECTS + " are held"));
    }
    plan.findings.addAll(editor.between(set.keySet(), state.objects(), future.values()));
    set.forEach((key, decoded) -> put(state, key, decoded, store, plan));
  }

  private void put(State state, ObjectKey key, Decoded decoded, Sources.Store store, Plan plan) {
    Held held = state.held().get(key);
    if (held != null && !held.source().equals(store.source())) {
      plan.findings.add(Editor.error(Position.of(configuration.sources().origin(held.path())), "TEN0107",
          "holds " + key + " already; delete it there first, since one place alone may hold an object"));
      return;
    }
    String path = held == null ? Sources.path(store.source(), Layout.path(key)) : held.path();
    FileView view = state.views().get(path);
    if (view != null && view.holdsMoreThan(key)) {
      plan.findings.add(Editor.error(Position.of(view.file().origin()), "TEN0107",
          "holds more than " + key + ", which has to be written there; move the rest elsewhere"));
      return;
    }
    String version = decoded.object().apiVersion();
    if (held != null && view != null && view.goods().containsKey(key) && held.decoded().saysTheSameAs(decoded)) {
      plan.changes.add(new Change(key, version, "unchanged"));
      return;
    }
    plan.writes.add(new Write(SourceFile.below(path), text(view), Optional.of(Layout.yaml(decoded))));
    plan.changes.add(new Change(key, version, held == null ? "created" : "configured"));
  }

  private static void take(State state, ObjectKey key, Sources.Store store, Plan plan) {
    Optional<FileView> holding = state.views().values().stream()
        .filter(view -> view.file().source().equals(store.source()) && view.holds(key)).findFirst();
    if (holding.isEmpty()) {
      plan.missing.add(key);
    } else if (holding.get().goods().size() + holding.get().bad().size() > 1 || holding.get().opaque()) {
      plan.findings.add(Editor.error(Position.of(holding.get().file().origin()), "TEN0107",
          "holds more than " + key + "; remove it there by hand"));
    } else {
      Held held = state.held().get(key);
      plan.writes.add(new Write(SourceFile.below(holding.get().file().path()), text(holding.get()), Optional.empty()));
      plan.changes.add(new Change(key,
          held == null ? key.kind().apiVersions().getFirst() : held.decoded().object().apiVersion(), "deleted"));
    }
  }

  private static Optional<String> text(@org.jspecify.annotations.Nullable FileView view) {
    return Optional.ofNullable(view).map(each -> each.file().content().text());
  }

  private Result commit(String name, Sources.Store store, Plan plan) {
    if (!plan.writes.isEmpty()) {
      try {
        store.store().commit(plan.writes);
      } catch (Conflict e) {
        return refused(name, plan, e.getMessage() + "; nothing was written. Look at it with 'tenon get', and apply again");
      } catch (IOException | RuntimeException e) {
        return refused(name, plan, "cannot be written: " + e.getMessage() + "; nothing was changed");
      }
      configuration.scan();
    }
    return new Result(true, plan.changes, plan.findings, plan.missing);
  }

  private static Result refused(String name, Plan plan, String message) {
    plan.findings.add(Editor.error(Position.of(name), "TEN0101", message));
    return Result.refused(plan.findings);
  }
}
