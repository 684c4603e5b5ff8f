package dev.tenon.kernel.serve;

import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.swap.Status;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the kernel counts, in Prometheus' text format, version 0.0.4. */
final class Counts {
  private Counts() {}

  static String text(Map<Journal.Counted, Long> events, List<Status> status) {
    StringBuilder text = new StringBuilder("# TYPE tenon_module_events_total counter\n");
    events.forEach((key, count) -> line(text, "tenon_module_events_total", "module", key.module(), "event", key.event(), count));
    text.append("# TYPE tenon_module_generations gauge\n");
    Map<String, Map<String, Long>> states = new TreeMap<>();
    status.forEach(each -> states.computeIfAbsent(each.module(), ignored -> new TreeMap<>()).merge(each.state(), 1L, Long::sum));
    states.forEach((module, counts) -> counts.forEach((state, count) ->
        line(text, "tenon_module_generations", "module", module, "state", state, count)));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String label, String value, String second, String other, long count) {
    text.append(name).append('{').append(label).append("=\"").append(quoted(value)).append("\",").append(second).append("=\"").append(quoted(other))
        .append("\"} ").append(count).append('\n');
  }

  /** A file that is no jar may be called anything. */
  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
