package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.Finding;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints what the control plane had to say of configuration. */
final class Findings {
  private Findings() {}

  static void print(PrintStream err, List<Finding> findings) {
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

  static List<Map<String, Object>> rows(List<Finding> findings) {
    return findings.stream().map(Findings::row).toList();
  }

  private static Map<String, Object> row(Finding finding) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("severity", finding.getSeverity());
    row.put("code", finding.getCode());
    row.put("origin", finding.getOrigin());
    row.put("line", finding.getLine());
    row.put("column", finding.getColumn());
    row.put("field", finding.getField());
    row.put("message", finding.getMessage());
    return row;
  }
}
