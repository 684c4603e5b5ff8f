package dev.tenon.galley.publish;

import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.source.Sources;
import dev.tenon.galley.source.Standing;
import dev.tenon.spi.config.Finding;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is in force and where it comes from, for operators. Thread-safe. */
public final class Overview {
  private final Configuration configuration;

  public Overview(Configuration configuration) {
    this.configuration = configuration;
  }

  /** One object in force. */
  public record Present(ObjectKey key, String apiVersion, String yaml, long changedMillis) {}

  /** Objects in force. */
  public List<Present> objects() {
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
