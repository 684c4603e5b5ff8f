package dev.tenon.cli.client;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** How answers are printed. A row is a map in column order; cells are text, numbers, truths, lists, maps. */
public enum Format {
  table,
  json,
  yaml;

  /** Prints rows. In a table, nested values are left out and names are in capitals. */
  public void print(PrintStream out, List<String> columns, List<Map<String, Object>> rows) {
    switch (this) {
      case table -> printTable(out, columns, rows);
      case json -> out.println(Json.write(rows));
      case yaml -> printYaml(out, rows);
    }
  }

  /** Prints one structured value; in a table's stead, YAML. */
  public void print(PrintStream out, Object value) {
    if (this == json) {
      out.println(Json.write(value));
    } else {
      printYaml(out, value);
    }
  }

  private static void printYaml(PrintStream out, Object value) {
    DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
    out.print(new Dump(settings).dumpToString(value));
  }

  private static void printTable(PrintStream out, List<String> columns, List<Map<String, Object>> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns.stream().map(column -> column.toUpperCase(Locale.ROOT)).toList());
    for (Map<String, Object> row : rows) {
      lines.add(columns.stream().map(column -> String.valueOf(row.getOrDefault(column, ""))).toList());
    }
    int[] widths = new int[columns.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 3));
      }
      out.println(text.toString().stripTrailing());
    }
  }
}
