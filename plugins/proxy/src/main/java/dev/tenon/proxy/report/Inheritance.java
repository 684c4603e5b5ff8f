package dev.tenon.proxy.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counters on their way through the generations of a proxy, so that no scraper sees them restart at a
 * swap: what older ones counted, and how much of all has been handed on. Gauges are not handed on.
 * Thread-safe.
 *
 * <p>A piece is {@code of}, the lines of {@link Counts} that it has numbers of, and {@code counts}, by
 * {@code line.counter}.
 */
public final class Inheritance {
  /** What a piece looks like. */
  public static final String FORM = "proxy-counters/1";

  private static final String LINES = "of";
  private static final String COUNTS = "counts";
  private final Map<String, Map<String, Long>> taken = new HashMap<>();
  private final Map<String, Map<String, Long>> given = new HashMap<>();

  /** Adds what older generations counted. */
  public synchronized void addTo(Totals totals) {
    taken.forEach((line, counts) -> Counts.add(totals, line, counts));
  }

  /** What is to be handed on: what has come since the last call. */
  public synchronized Map<String, Object> give(Totals all) {
    List<Object> lines = new ArrayList<>();
    Map<String, Object> counts = new LinkedHashMap<>();
    Counts.of(all).forEach((line, now) -> {
      Map<String, Long> before = given.computeIfAbsent(line, any -> new HashMap<>());
      boolean first = true;
      for (Map.Entry<String, Long> each : now.entrySet()) {
        long more = each.getValue() - before.getOrDefault(each.getKey(), 0L);
        if (more != 0) {
          if (first) {
            lines.add(line);
            first = false;
          }
          counts.put(lines.size() - 1 + "." + each.getKey(), more);
          before.put(each.getKey(), each.getValue());
        }
      }
    });
    return counts.isEmpty() ? Map.of() : Map.of(LINES, lines, COUNTS, counts);
  }

  /**
   * Takes what an older generation hands on.
   *
   * @throws IllegalArgumentException when it is no such piece; then nothing of it is taken
   */
  public synchronized void take(Map<String, Object> piece) {
    if (!(piece.get(LINES) instanceof List<?> lines) || !(piece.get(COUNTS) instanceof Map<?, ?> counts)) {
      throw new IllegalArgumentException("the counters handed on have neither " + LINES + " nor " + COUNTS);
    }
    Map<String, Map<String, Long>> sums = new HashMap<>();
    counts.forEach((name, count) -> {
      String[] parts = String.valueOf(name).split("\\.", 2);
      if (parts.length != 2 || !(count instanceof Long number)) {
        throw new IllegalArgumentException("the counters handed on hold " + name + ": " + count);
      }
      sums.computeIfAbsent(String.valueOf(lines.get(Integer.parseInt(parts[0]))), any -> new HashMap<>()).put(parts[1], number);
    });
    sums.forEach((line, more) ->
        more.forEach((name, number) -> taken.computeIfAbsent(line, any -> new HashMap<>()).merge(name, number, Long::sum)));
  }
}
