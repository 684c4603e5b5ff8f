package dev.tenon.cli.demo;

import java.io.PrintStream;

/** What the operator reads. An expectation that is not met goes into the report. */
final class Script {
  private final PrintStream out = System.out;
  private final Report report;

  Script(Report report) {
    this.report = report;
  }

  Report report() {
    return report;
  }

  void title(String text) {
    out.println("\n== " + text);
  }

  void say(String text, Object... values) {
    out.println("   " + text.formatted(values));
  }

  void expect(String what, boolean met) {
    say("%s %s", met ? "ok " : "NOT MET:", what);
    if (!met) {
      report.missed(what);
    }
  }
}
