package dev.tenon.kernel.keep;

import dev.tenon.kernel.plan.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What served last in each place, and what is being tried. Written before anything is tried and after it
 * serves, each time in one step that is on the disk when it returns: a process that died while it tried
 * something else than what served last is told so when it comes up again.
 *
 * <p>Thread-safe; every change waits for the disk.
 */
public final class Ledger implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Ledger.class);
  private static final int MOST_OF_A_MODULE = 4;
  private static final int MOST = 200;

  private final Path file;
  private final GoodJars jars;
  private final List<Build> builds = new ArrayList<>();
  private final SequencedMap<String, Build> good = new LinkedHashMap<>();
  private final Map<String, String> trying = new TreeMap<>();
  private final Set<String> held = new TreeSet<>();

  private Ledger(Path folder) {
    this.file = folder.resolve("ledger");
    this.jars = new GoodJars(folder.resolve("builds"));
  }

  /**
   * Reads what an earlier process wrote. What that one was trying when it died is held from now on.
   *
   * @param folder made if it is missing
   * @throws IOException when it cannot be used
   */
  public static Ledger open(Path folder) throws IOException {
    Files.createDirectories(folder);
    Ledger ledger = new Ledger(folder);
    try {
      Lines.read(ledger.file).forEach(ledger::line);
    } catch (IOException | RuntimeException e) {
      log.error("{} cannot be read ({}); what served last is not known", ledger.file, e.toString());
    }
    ledger.trying.values().forEach(each -> log.warn("the process died while {} was tried; it is not tried again until it changes", each));
    ledger.held.addAll(ledger.trying.values());
    ledger.trying.clear();
    ledger.jars.retain(ledger.builds);
    return ledger;
  }

  private void line(List<String> words) {
    switch (words.getFirst()) {
      case "build" -> {
        if (words.size() == Build.WORDS) {
          builds.add(Build.of(jars.folder(), words));
        }
      }
      case "good" -> {
        if (words.size() == Build.WORDS) {
          good.put(words.get(1), Build.of(jars.folder(), words));
        }
      }
      case "trying" -> trying.put(words.get(1), words.get(2));
      case "held" -> held.add(words.get(1));
      default -> log.warn("{} has a line {} that this version does not know", file, words.getFirst());
    }
  }

  /** What served last, by place. */
  public synchronized Map<String, Build> good() {
    return Map.copyOf(good);
  }

  /** Attempts during which an earlier process died. */
  public synchronized Set<String> held() {
    return Set.copyOf(held);
  }

  /** The builds of a module whose jars are kept, the latest first. */
  public synchronized List<Build> builds(String module) {
    return builds.stream().filter(each -> each.module().equals(module)).toList();
  }

  /**
   * Something is about to be tried. What served last may be started at any time, and a process in which
   * nothing has served yet has nothing to come back to: neither is written down.
   *
   * @throws IOException when that cannot be written down: what served last would be lost in a crash
   */
  public synchronized void trying(Given jar) throws IOException {
    Build last = good.get(jar.place());
    if (good.isEmpty() || (last != null && last.hash().equals(jar.hash()))) {
      return;
    }
    trying.put(jar.place(), jar.attempt());
    try {
      write();
    } catch (IOException e) {
      trying.remove(jar.place());
      throw e;
    }
  }

  /** What was tried serves: the last good build of its place from now on. Its jar is kept. */
  public synchronized void good(Given jar) {
    Build last = good.get(jar.place());
    boolean known = last != null && last.hash().equals(jar.hash()) && Files.exists(last.jar());
    if (known && trying.remove(jar.place()) == null && !held.remove(jar.attempt())) {
      return;
    }
    try {
      Build build = Build.of(jars.folder(), jar, System.currentTimeMillis());
      jars.keep(jar.original(), build);
      trying.remove(jar.place());
      held.remove(jar.attempt());
      good.put(jar.place(), build);
      builds.removeIf(each -> each.module().equals(build.module()) && each.hash().equals(build.hash()));
      builds.addFirst(build);
      forgetOld();
      write();
    } catch (IOException e) {
      log.error("{} {} serves, but that cannot be written to {} ({}); after a crash the process comes up with what served before",
          jar.module(), jar.build(), file, e.toString());
    }
    jars.retain(builds);
  }

  /** What was tried does not run, in good order. */
  public void ended(Given jar) {
    ended(jar.place());
  }

  private synchronized void ended(String place) {
    if (trying.remove(place) != null) {
      rewrite();
    }
  }

  /** Nothing runs in a place any more, by wish. Its builds are kept all the same. */
  public synchronized void removed(String place) {
    if (good.remove(place) != null) {
      rewrite();
    }
  }

  /** Forgets what was held of files that were written anew since, or are gone. */
  public synchronized void retain(Set<String> attempts) {
    if (held.retainAll(attempts)) {
      rewrite();
    }
  }

  private void rewrite() {
    try {
      write();
    } catch (IOException e) {
      log.error("{} cannot be written ({})", file, e.toString());
    }
  }

  private void forgetOld() {
    Map<String, Integer> counts = new TreeMap<>();
    Set<Build> needed = new HashSet<>(good.values());
    builds.removeIf(each -> counts.merge(each.module(), 1, Integer::sum) > MOST_OF_A_MODULE && !needed.contains(each));
    for (int at = builds.size() - 1; at >= 0 && builds.size() > MOST; at--) {
      if (!needed.contains(builds.get(at))) {
        builds.remove(at);
      }
    }
  }

  private void write() throws IOException {
    List<List<String>> lines = new ArrayList<>();
    good.values().forEach(each -> lines.add(each.words("good")));
    trying.forEach((place, attempt) -> lines.add(List.of("trying", place, attempt)));
    held.forEach(each -> lines.add(List.of("held", each)));
    builds.forEach(each -> lines.add(each.words("build")));
    Lines.replace(file, lines);
  }

  /** The process ends in good order: what it was trying is not to blame. */
  @Override
  public synchronized void close() {
    if (!trying.isEmpty()) {
      trying.clear();
      rewrite();
    }
  }
}
