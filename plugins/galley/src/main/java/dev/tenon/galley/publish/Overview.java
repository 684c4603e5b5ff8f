package dev.tenon.galley.publish;

import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.source.Sources;
import dev.tenon.galley.source.Standing;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.LiveObjects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is in force and where it comes from, for operators. Thread-safe. */
public final class Overview {
  private final Configuration configuration;
  private final Living living;

  public Overview(Configuration configuration, Living living) {
    this.configuration = configuration;
    this.living = living;
  }

  /** One object in force. */
  public record Present(ObjectKey key, String apiVersion, String yaml, long changedMillis) {}

  /** Objects in force, and those that live beside them under keys that no operator took. */
  public List<Present> objects() {
    List<Present> all = new ArrayList<>(written());
    Set<ObjectKey> keys = all.stream().map(Present::key).collect(Collectors.toSet());
    living.objects().forEach((key, live) -> {
      if (!keys.contains(key)) {
        all.add(new Present(key, live.object().apiVersion(), Layout.yaml(live), live.since().toEpochMilli()));
      }
    });
    all.sort(Comparator.comparing(Present::key));
    return all;
  }

  /** Why an object that is not in force cannot be deleted though it is shown; empty when it is not. */
  public Optional<String> owner(ObjectKey key) {
    return Optional.ofNullable(living.objects().get(key)).map(LiveObjects.Live::owner);
  }

  private List<Present> written() {
    return configuration.state().held().values().stream()
        .map(held -> new Present(held.decoded().key(), held.decoded().object().apiVersion(), Layout.yaml(held.decoded()), held.changedMillis()))
        .toList();
  }

  /** How each source stands, the directory first, and how many objects in force lie in it. */
  public Map<Standing, Integer> sources() {
    Map<String, Integer> objects = new TreeMap<>();
    configuration.state().held().values().forEach(held -> objects.merge(held.source(), 1, Integer::sum));
    Map<Standing, Integer> sources = new LinkedHashMap<>();
    for (Standing each : configuration.sources().standings()) {
      Integer count = objects.remove(each.name().equals(Sources.DIRECTORY) ? "" : each.name());
      sources.put(each, count == null ? 0 : count);
    }
    objects.forEach((name, count) -> sources.put(new Standing(name, Standing.State.STALE, Instant.now(), "no module offers it"), count));
    return sources;
  }

  /** What is wrong or doubtful in the sources now. */
  public List<Finding> findings() {
    return configuration.state().findings();
  }
}
