package dev.tenon.galley.publish;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.Kind;
import dev.tenon.galley.decode.Names;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.decode.Outcome;
import dev.tenon.galley.publish.Edit.Change;
import dev.tenon.galley.publish.Edit.Result;
import dev.tenon.galley.publish.Edit.Text;
import dev.tenon.galley.publish.State.Held;
import dev.tenon.galley.source.Directory;
import dev.tenon.galley.validate.Analysis;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Changes what is in force, a whole set or nothing. Limits: 64 MiB of text and 10,000 objects in a
 * request, and in all.
 */
public final class Editor {
  private static final long LARGEST_REQUEST = 64L << 20;

  private final Configuration configuration;

  public Editor(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Creates or replaces every object of a set, or changes nothing.
   *
   * @param strict whether warnings refuse the set too
   * @param dryRun whether to say only what would happen
   * @param namespace of objects that name none
   * @throws Edit.NotReady when nothing has been read yet
   */
  public Result apply(List<Text> texts, boolean strict, boolean dryRun, String namespace) {
    List<Finding> findings = new ArrayList<>();
    NavigableMap<ObjectKey, Decoded> set = read(texts, namespace, findings);
    if (findings.stream().anyMatch(Editor::isError)) {
      return Result.refused(findings);
    }
    Result[] result = new Result[1];
    configuration.locked(() -> result[0] = apply(set, findings, strict, dryRun));
    return result[0];
  }

  NavigableMap<ObjectKey, Decoded> read(List<Text> texts, String namespace, List<Finding> findings) {
    NavigableMap<ObjectKey, Decoded> set = new TreeMap<>();
    for (Outcome outcome : outcomes(texts, namespace, findings)) {
      switch (outcome) {
        case Outcome.Good good -> {
          findings.addAll(good.decoded().findings());
          if (set.putIfAbsent(good.decoded().key(), good.decoded()) != null) {
            findings.add(Reader.twice(good.decoded()));
          }
        }
        case Outcome.Bad bad -> findings.addAll(bad.findings());
      }
    }
    if (set.isEmpty() && findings.stream().noneMatch(Editor::isError)) {
      String origin = texts.isEmpty() ? "the request" : texts.getFirst().origin();
      findings.add(error(Position.of(origin), "TEN0106", "holds no object; an object has apiVersion, kind, metadata and spec"));
    }
    return set;
  }

  List<Outcome> outcomes(List<Text> texts, String namespace, List<Finding> findings) {
    Reader reader = configuration.reader();
    if (reader == null) {
      throw new Edit.NotReady("the configuration has not been read yet; try again in a moment");
    }
    if (!Names.isLabel(namespace)) {
      findings.add(error(Position.of("the request"), "TEN0002", "\"" + namespace + "\" is no namespace"));
      return List.of();
    }
    if (texts.stream().mapToLong(text -> text.yaml().length()).sum() > LARGEST_REQUEST) {
      findings.add(error(Position.of("the request"), "TEN0105", "holds more than " + LARGEST_REQUEST + " characters; apply it in parts"));
      return List.of();
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Text text : texts) {
      outcomes.addAll(reader.read(text.origin(), text.yaml(), namespace));
      if (outcomes.size() > Merge.MOST_OBJECTS) {
        findings.add(error(Position.of(text.origin()), "TEN0105", "more than " + Merge.MOST_OBJECTS + " objects in one request; apply them in parts"));
        return List.of();
      }
    }
    return outcomes;
  }

  private Result apply(NavigableMap<ObjectKey, Decoded> set, List<Finding> findings, boolean strict, boolean dryRun) {
    configuration.scan();
    State state = configuration.state();
    NavigableMap<ObjectKey, Decoded> future = new TreeMap<>();
    state.held().forEach((key, held) -> future.put(key, held.decoded()));
    future.putAll(set);
    if (future.size() > Merge.MOST_OBJECTS) {
      findings.add(error(Position.of("the request"), "TEN0105", "there would be " + future.size() + " objects; at most " + Merge.MOST_OBJECTS + " are held"));
    }
    findings.addAll(between(set.keySet(), state.objects(), future.values()));
    Map<String, String> puts = new LinkedHashMap<>();
    List<Change> changes = new ArrayList<>();
    set.forEach((key, decoded) -> changes.add(put(state, key, decoded, puts, findings)));
    boolean refused = findings.stream().anyMatch(each -> isError(each) || (strict && each.severity() == Finding.Severity.WARNING));
    if (refused) {
      return Result.refused(findings);
    }
    if (dryRun) {
      return new Result(true, changes, findings, List.of());
    }
    return commit(puts, Set.of(), changes, findings, List.of());
  }

  /** What is said of the set's objects beside the others, and what the set newly makes doubtful. */
  List<Finding> between(Set<ObjectKey> set, Collection<Decoded> before, Collection<Decoded> after) {
    Map<ObjectKey, List<Finding>> old = Analysis.of(before, configuration.domain(), configuration.validators());
    List<Finding> result = new ArrayList<>();
    Analysis.of(after, configuration.domain(), configuration.validators())
        .forEach(
            (key, each) ->
                each.stream()
                    .filter(finding -> set.contains(key) || !old.getOrDefault(key, List.of()).contains(finding))
                    .forEach(result::add));
    return result;
  }

  private Change put(
      State state, ObjectKey key, Decoded decoded, Map<String, String> puts, List<Finding> findings) {
    Held held = state.held().get(key);
    String version = decoded.object().apiVersion();
    boolean mended = held != null && isGoodIn(state, held.path(), key);
    if (held != null && mended && held.decoded().saysTheSameAs(decoded)) {
      return new Change(key, version, "unchanged");
    }
    String path = held == null ? Layout.path(key) : held.path();
    FileView view = state.views().get(path);
    if (held != null && !held.source().isEmpty()) {
      findings.add(overlaid(key, path));
      path = Layout.path(key);
    } else if (view != null && view.holdsMoreThan(key)) {
      // Somebody's file of several objects is not rewritten; the object gets a file of its own.
      if (path.equals(Layout.path(key))) {
        findings.add(error(Position.of(view.file().origin()), "TEN0107", "holds more than " + key + ", which has to be written there; move the rest to another file"));
        return new Change(key, version, "unchanged");
      }
      findings.add(overlaid(key, path));
      path = Layout.path(key);
    }
    puts.put(path, Layout.yaml(decoded));
    return new Change(key, version, held == null ? "created" : "configured");
  }

  private Finding overlaid(ObjectKey key, String path) {
    return new Finding(
        Finding.Severity.WARNING,
        "TEN0102",
        Position.of(configuration.sources().origin(path)),
        "",
        key + " stands there too and is now overlaid by " + configuration.directory().origin(Layout.path(key)) + "; remove it there");
  }

  private static boolean isGoodIn(State state, String path, ObjectKey key) {
    FileView view = state.views().get(path);
    return view != null && view.goods().containsKey(key);
  }

  /**
   * Deletes objects; all that are there, or none.
   *
   * @param keys what to delete
   * @param texts what to delete, as it was applied
   * @param namespace of objects in texts that name none
   */
  public Result delete(List<ObjectKey> keys, List<Text> texts, String namespace) {
    List<Finding> findings = new ArrayList<>();
    Set<ObjectKey> all = named(keys, texts, namespace, findings);
    if (findings.stream().anyMatch(Editor::isError)) {
      return Result.refused(findings);
    }
    Result[] result = new Result[1];
    configuration.locked(() -> result[0] = deleteLocked(all, findings));
    return result[0];
  }

  Set<ObjectKey> named(List<ObjectKey> keys, List<Text> texts, String namespace, List<Finding> findings) {
    Set<ObjectKey> all = new LinkedHashSet<>(keys);
    for (Outcome outcome : outcomes(texts, namespace, findings)) {
      switch (outcome) {
        case Outcome.Good good -> all.add(good.decoded().key());
        // What is not valid any more can be deleted all the same, if only it has a name.
        case Outcome.Bad bad -> bad.key().ifPresentOrElse(all::add, () -> findings.addAll(bad.findings()));
      }
    }
    return all;
  }

  private Result deleteLocked(Set<ObjectKey> keys, List<Finding> findings) {
    configuration.scan();
    State state = configuration.state();
    List<ObjectKey> missing = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    Set<String> files = new HashSet<>();
    Set<ObjectKey> orphans = new HashSet<>();
    for (ObjectKey key : keys) {
      Held held = state.held().get(key);
      List<FileView> holding =
          state.views().values().stream()
              .filter(view -> view.holds(key) || (held != null && view.file().path().equals(held.path())))
              .toList();
      if (holding.isEmpty() && held != null && !held.source().isEmpty()) {
        orphans.add(key);
        changes.add(new Change(key, held.decoded().object().apiVersion(), "deleted"));
        continue;
      }
      if (holding.isEmpty()) {
        missing.add(key);
        continue;
      }
      for (FileView view : holding) {
        if (!view.file().source().isEmpty()) {
          findings.add(error(Position.of(view.file().origin()), "TEN0107", "holds " + key + "; delete it in the source " + view.file().source()));
        } else if (othersThan(view, keys)) {
          findings.add(error(Position.of(view.file().origin()), "TEN0107", "holds more than " + key + "; remove it there by hand"));
        }
        files.add(view.file().path());
      }
      changes.add(new Change(key, held == null ? key.kind().apiVersions().getFirst() : held.decoded().object().apiVersion(), "deleted"));
    }
    if (findings.stream().anyMatch(Editor::isError)) {
      return Result.refused(findings);
    }
    findings.addAll(left(state, keys));
    Result result = commit(Map.of(), files, changes, findings, missing);
    if (result.accepted()) {
      configuration.forget(orphans);
    }
    return result;
  }

  private static boolean othersThan(FileView view, Set<ObjectKey> keys) {
    boolean others = Stream.concat(view.goods().keySet().stream(), view.bad().stream()).anyMatch(each -> !keys.contains(each));
    return others || (view.opaque() && keys.stream().noneMatch(key -> Layout.path(key).equals(view.file().path())));
  }

  private List<Finding> left(State state, Set<ObjectKey> gone) {
    Collection<Decoded> after =
        state.objects().stream().filter(each -> !gone.contains(each.key())).toList();
    return between(Set.of(), state.objects(), after);
  }

  private Result commit(
      Map<String, String> puts, Set<String> deletes, List<Change> changes, List<Finding> findings, List<ObjectKey> missing) {
    if (!puts.isEmpty() || !deletes.isEmpty()) {
      try {
        configuration.directory().commit(puts, deletes);
      } catch (IOException e) {
        boolean later = Directory.willBeCompleted(e);
        findings.add(
            error(
                Position.of(configuration.directory().root().toString()),
                "TEN0101",
                "could not be written: " + Directory.reason(e)
                    + (later ? "; the change is decided and will be completed when that is mended" : "; nothing was changed")));
        return Result.refused(findings);
      }
      configuration.scan();
    }
    return new Result(true, changes, findings, missing);
  }

  static boolean isError(Finding finding) {
    return finding.severity() == Finding.Severity.ERROR;
  }

  static Finding error(Position at, String code, String message) {
    return new Finding(Finding.Severity.ERROR, code, at, "", message);
  }

  Configuration configuration() {
    return configuration;
  }

  /** A key as an operator names it, if there is such a kind and the names are names. */
  public static java.util.Optional<ObjectKey> key(String kind, String namespace, String name) {
    return Names.isLabel(namespace) && Names.isName(name)
        ? Kind.named(kind).map(each -> new ObjectKey(each, namespace, name))
        : java.util.Optional.empty();
  }
}
