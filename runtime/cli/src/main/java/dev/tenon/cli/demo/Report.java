package dev.tenon.cli.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every figure of a run, and what did not come out as it should. */
final class Report {
  private final Map<String, Object> figures = new LinkedHashMap<>();
  private final Map<String, Object> shares = new LinkedHashMap<>();
  private final Map<String, Object> steps = new LinkedHashMap<>();
  private final List<String> missed = new ArrayList<>();
  private int failures;
  private int requests;

  synchronized void figure(String name, Object value) {
    figures.put(name, value);
  }

  /** Adds a span of load to the sums. */
  synchronized void span(String step, Tally tally) {
    failures += tally.failures();
    requests += tally.requests();
    shares.put(step, tally.shares());
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("requests", tally.requests());
    figures.put("failures", tally.failures());
    figures.put("p50_ms", tally.millis(0.5));
    figures.put("p99_ms", tally.millis(0.99));
    steps.put(step, figures);
    if (tally.failures() > 0) {
      missed(step + ": " + tally.failures() + " of " + tally.requests() + " requests failed, for example " + tally.reasons());
    }
  }

  /** An expectation that was not met. */
  synchronized void missed(String what) {
    missed.add(what);
  }

  synchronized boolean passed() {
    return missed.isEmpty();
  }

  synchronized Map<String, Object> asMap() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("passed", missed.isEmpty());
    all.put("missed", List.copyOf(missed));
    all.put("requests", requests);
    all.put("failures", failures);
    all.putAll(figures);
    all.put("shares", shares);
    all.put("steps", steps);
    return all;
  }

  synchronized void printVerdict(PrintStream out) {
    if (missed.isEmpty()) {
      out.println("\nEvery expectation was met: " + requests + " requests under load, " + failures + " failed.");
    } else {
      missed.forEach(what -> out.println("\nNOT MET: " + what));
    }
  }
}
