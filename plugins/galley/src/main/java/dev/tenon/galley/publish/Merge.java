package dev.tenon.galley.publish;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.publish.State.Held;
import dev.tenon.galley.source.Look;
import dev.tenon.galley.source.SourceFile;
import dev.tenon.galley.validate.Analysis;
import dev.tenon.galley.validate.Validators;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** From what held and what the files say now to what holds. Pure. */
final class Merge {
  /** More objects than this are not taken in. */
  static final int MOST_OBJECTS = 10_000;

  private final NavigableMap<ObjectKey, Held> before;
  private final NavigableMap<ObjectKey, Held> after = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private Merge(NavigableMap<ObjectKey, Held> before) {
    this.before = before;
  }

  /**
   * @param before what held
   * @param views every file
   * @param look what was looked at to get them
   * @param validators who is asked about all objects together
   */
  static State merge(
      NavigableMap<ObjectKey, Held> before, Map<String, FileView> views, Look look, String domain, Validators validators) {
    Merge merge = new Merge(before);
    merge.findings.addAll(look.problems());
    List<FileView> inOrder = views.values().stream().sorted(Comparator.comparing(FileView::file, SourceFile.ORDER)).toList();
    inOrder.forEach(view -> merge.findings.addAll(view.findings()));
    merge.take(inOrder);
    merge.keep(views, look);
    Collection<Decoded> objects = merge.after.values().stream().map(Held::decoded).toList();
    Analysis.of(objects, domain, validators).values().forEach(merge.findings::addAll);
    return new State(merge.after, views, merge.findings);
  }

  private void take(List<FileView> views) {
    NavigableMap<ObjectKey, List<FileView>> offers = new TreeMap<>();
    for (FileView view : views) {
      view.goods().keySet().forEach(key -> offers.computeIfAbsent(key, each -> new ArrayList<>()).add(view));
    }
    int left = MOST_OBJECTS - (int) offers.keySet().stream().filter(before::containsKey).count();
    boolean said = false;
    for (Map.Entry<ObjectKey, List<FileView>> offer : offers.entrySet()) {
      ObjectKey key = offer.getKey();
      if (!before.containsKey(key) && left-- <= 0) {
        if (!said) {
          findings.add(error(offer.getValue().getFirst(), "TEN0105", "more than " + MOST_OBJECTS + " objects; " + key + " and others are not taken in"));
        }
        said = true;
        continue;
      }
      FileView chosen = choose(key, offer.getValue());
      Decoded decoded = java.util.Objects.requireNonNull(chosen.goods().get(key));
      after.put(key, new Held(decoded, chosen.file().path(), chosen.file().content().changed().toEpochMilli()));
    }
  }

  /** The file that apply writes goes before any other; among others, the directory's, and the first by name. */
  private FileView choose(ObjectKey key, List<FileView> offers) {
    FileView chosen =
        offers.stream().filter(view -> view.file().path().equals(Layout.path(key))).findFirst().orElse(offers.getFirst());
    for (FileView other : offers) {
      if (!other.file().path().equals(chosen.file().path())) {
        Decoded decoded = java.util.Objects.requireNonNull(other.goods().get(key));
        findings.add(
            new Finding(
                Finding.Severity.WARNING,
                "TEN0102",
                decoded.object().at(),
                "",
                key + " is given in " + chosen.file().origin() + " too, and that one is in force; remove one of them"));
      }
    }
    return chosen;
  }

  /** What a file held and cannot be read from it now stays; what is gone from it goes. */
  private void keep(Map<String, FileView> views, Look look) {
    before.forEach(
        (key, held) -> {
          if (after.containsKey(key)) {
            return;
          }
          FileView view = views.get(held.path());
          if (view == null ? look.mayStillHold(held.path()) : view.opaque() || view.bad().contains(key)) {
            after.put(key, held);
            findings.add(
                new Finding(
                    Finding.Severity.INFO,
                    "TEN0103",
                    held.decoded().object().at(),
                    "",
                    key + " stays in force as it was before; " + remedy(held)));
          }
        });
  }

  private static String remedy(Held held) {
    return held.source().isEmpty()
        ? "mend the file, or delete the object"
        : "mend the source " + held.source() + ", or delete the object if the source is gone for good";
  }

  private static Finding error(FileView view, String code, String message) {
    return new Finding(Finding.Severity.ERROR, code, Position.of(view.file().origin()), "", message);
  }
}
