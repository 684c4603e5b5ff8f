package dev.tenon.kernel.boot;

import dev.tenon.kernel.load.Jar;
import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.load.Store;
import dev.tenon.kernel.plan.Facts;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.swap.Modules;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jars of the distribution, looked at once. Those that the profile names are wanted from the start, as is every
 * plug-in without an activator, unless these wait until somebody asks for what they offer: a sidecar without
 * policy starts no adapter.
 */
final class Distribution {
  private static final Logger log = LoggerFactory.getLogger(Distribution.class);

  private final Store store;
  private final Modules modules;
  private final List<Given> wanted = new ArrayList<>();
  private final SequencedMap<Path, Facts> waiting = new LinkedHashMap<>();
  private final Map<String, List<String>> offers = new HashMap<>();

  private Distribution(Store store, Modules modules) {
    this.store = store;
    this.modules = modules;
  }

  /**
   * Looks at what lies in a folder; no folder is an empty one.
   *
   * @param needed the modules that the profile names
   * @param plugins when the others start
   */
  static Distribution in(Path folder, List<String> needed, StartPlugins plugins, Store store, Modules modules) throws IOException {
    Distribution all = new Distribution(store, modules);
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
        for (Path file : files) {
          all.look(file, needed, plugins);
        }
      }
    }
    return all;
  }

  private void look(Path file, List<String> needed, StartPlugins plugins) throws IOException {
    String name = String.valueOf(file.getFileName());
    try {
      Jar jar = Jar.read(file, name);
      Facts facts = jar.facts();
      offers.put(facts.module(), jar.offers());
      if (needed.contains(facts.module()) || (facts.plain() && plugins == StartPlugins.AT_ONCE)) {
        take(file).ifPresent(wanted::add);
      } else if (facts.plain()) {
        waiting.put(file, facts);
      }
    } catch (Refused e) {
      refused(file, e);
    }
  }

  private Optional<Given> take(Path file) throws IOException {
    try {
      return Optional.of(store.take(file, false, 0));
    } catch (Refused e) {
      refused(file, e);
      return Optional.empty();
    }
  }

  private void refused(Path file, Exception e) {
    modules.refused(file, String.valueOf(file.getFileName()), String.valueOf(e.getMessage()));
  }

  /** Those that are wanted now. */
  synchronized List<Given> jars() {
    return List.copyOf(wanted);
  }

  /** Those of them that offer a service, or whose module says that it will. */
  synchronized List<Given> offering(String service) {
    return wanted.stream()
        .filter(each -> each.services().contains(service) || offers.getOrDefault(each.module(), List.of()).contains(service))
        .toList();
  }

  /** Whether a build lies here, wanted or not. */
  synchronized boolean holds(String place, String hash) {
    return wanted.stream().anyMatch(each -> each.place().equals(place) && each.hash().equals(hash))
        || waiting.values().stream().anyMatch(each -> each.place().equals(place) && each.hash().equals(hash));
  }

  /**
   * Somebody asks for a service.
   *
   * @return whether more is wanted than before
   */
  synchronized boolean asked(String service) {
    List<Path> due = waiting.entrySet().stream().filter(each -> each.getValue().services().contains(service)).map(Map.Entry::getKey).toList();
    int before = wanted.size();
    for (Path file : due) {
      waiting.remove(file);
      try {
        take(file).ifPresent(wanted::add);
      } catch (IOException e) {
        log.warn("{} cannot be copied", file, e);
        refused(file, e);
      }
    }
    return wanted.size() > before;
  }
}
