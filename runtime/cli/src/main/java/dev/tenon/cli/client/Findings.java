package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.Finding;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Prints what the control plane had to say of configuration. */
public final class Findings {
  private Findings() {}

  /** One line each: where, how bad, what. */
  public static void print(PrintStream err, List<Finding> findings) {
    for (Finding finding : findings) {
      err.println(
          (finding.getLine() == 0
                  ? finding.getOrigin()
                  : finding.getOrigin() + ":" + finding.getLine() + ":" + finding.getColumn())
              + ": "
              + finding.getSeverity()
              + ": "
              + (finding.getField().isEmpty() ? "" : finding.getField() + ": ")
              + finding.getMessage()
              + " ["
              + finding.getCode()
              + "]");
    }
  }

  /** For JSON and YAML. */
  public static List<Map<String, Object>> rows(List<Finding> findings) {
    return findings.stream().map(Findings::row).toList();
  }

  private static Map<String, Object> row(Finding finding) {
    return Row.of(
        "severity", finding.getSeverity(),
        "code", finding.getCode(),
        "origin", finding.getOrigin(),
        "line", finding.getLine(),
        "column", finding.getColumn(),
        "field", finding.getField(),
        "message", finding.getMessage());
  }
}
