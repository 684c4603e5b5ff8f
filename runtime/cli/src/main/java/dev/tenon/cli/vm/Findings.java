package dev.tenon.cli.vm;

import dev.tenon.cli.client.Format;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a check found, each with its remedy when it is wrong. */
final class Findings {
  private final List<Map<String, Object>> rows = new ArrayList<>();
  private boolean wrong;

  void good(String what, String state) {
    row(what, state, "");
  }

  void bad(String what, String state, String remedy) {
    wrong = true;
    row(what, state, remedy);
  }

  /** What the control plane said, as it says it: what is wrong, a semicolon, what to do. */
  void bad(String what, String said) {
    int end = said.indexOf("; ");
    bad(what, end < 0 ? said : said.substring(0, end), end < 0 ? "" : said.substring(end + 2));
  }

  private void row(String what, String state, String remedy) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("what", what);
    row.put("state", state);
    row.put("remedy", remedy);
    rows.add(row);
  }

  /** Prints them; the exit code. */
  int print(Format format) {
    format.print(System.out, List.of("what", "state", "remedy"), rows);
    return wrong ? 1 : 0;
  }
}
