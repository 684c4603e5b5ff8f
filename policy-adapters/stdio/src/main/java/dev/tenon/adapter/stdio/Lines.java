package dev.tenon.adapter.stdio;

import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a report becomes a line. What callers sent can neither end a line nor begin one.
 *
 * @param json or text: time, level, instance and the rest as JSON, with tabs between them
 * @param severities levels by what a log entry says; what is not among them is INFO
 * @param metric the level of metrics
 * @param least the least level that is written
 */
record Lines(boolean json, Map<String, Level> severities, Level metric, Level least) {
  Lines {
    severities = Map.copyOf(severities);
  }

  /** Adds a report's line; nothing when its level is too low. */
  void add(StringBuilder out, Instance instance) {
    Level level =
        instance.template() == Template.METRIC ? metric : level(String.valueOf(instance.values().getOrDefault("severity", "")));
    if (level.compareTo(least) < 0) {
      return;
    }
    Object time = instance.values().get("timestamp");
    String at = (time instanceof Instant moment ? moment : Instant.now()).toString();
    Map<String, Object> fields = fields(instance);
    if (json) {
      fields.put("level", level.text());
      fields.put("time", at);
      fields.put("instance", instance.name());
      Json.value(out, fields);
    } else {
      out.append(at).append('\t').append(level.text()).append('\t').append(instance.name()).append('\t');
      Json.value(out, fields);
    }
    out.append('\n');
  }

  private Level level(String severity) {
    for (Level each : Level.values()) {
      if (each.name().equalsIgnoreCase(severity) && !severities.containsKey(severity)) {
        return each;
      }
    }
    return severities.getOrDefault(severity, Level.INFO);
  }

  private static Map<String, Object> fields(Instance instance) {
    Map<String, Object> fields = new TreeMap<>();
    instance.values().forEach(
        (name, value) -> {
          switch (name) {
            case "timestamp", "severity", "monitoredResourceType", "monitoredResourceDimensions" -> {}
            case "variables", "dimensions" -> ((Map<?, ?>) value).forEach((key, each) -> fields.put(String.valueOf(key), each));
            default -> fields.put(name, value);
          }
        });
    return fields;
  }
}
