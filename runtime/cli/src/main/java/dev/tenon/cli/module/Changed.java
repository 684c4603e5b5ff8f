package dev.tenon.cli.module;

import dev.tenon.cli.client.Format;
import dev.tenon.wire.admin.v1.ChangeModuleResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says what a change came to. */
final class Changed {
  private Changed() {}

  static void print(Format format, ChangeModuleResponse change) {
    if (format == Format.table) {
      System.out.println(change.getText());
      return;
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("module", change.getModule());
    answer.put("build", change.getBuild());
    answer.put("text", change.getText());
    format.print(System.out, answer);
  }
}
