package dev.tenon.proxy.report;

import dev.tenon.spi.guard.Usage;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Writes what modules have cost in Prometheus' text format, version 0.0.4. */
public final class ModulesText {
  private ModulesText() {}

  /** The text; a module of which two generations are loaded has a line for each version. */
  public static String of(List<Usage> modules) {
    StringBuilder out = new StringBuilder();
    each(out, modules, "requests_total", "counter", Usage::requests);
    each(out, modules, "errors_total", "counter", Usage::errors);
    each(out, modules, "timeouts_total", "counter", Usage::timeouts);
    each(out, modules, "cpu_seconds_total", "counter", each -> String.format(Locale.ROOT, "%.3f", each.cpuNanos() / 1e9));
    each(out, modules, "allocated_bytes_total", "counter", Usage::allocatedBytes);
    each(out, modules, "code_bytes", "gauge", Usage::codeBytes);
    each(out, modules, "woven_bytes", "gauge", Usage::wovenBytes);
    return out.toString();
  }

  private static void each(StringBuilder out, List<Usage> modules, String name, String type, Function<Usage, Object> value) {
    out.append("# TYPE tenon_module_").append(name).append(' ').append(type).append('\n');
    for (Usage module : modules) {
      out.append("tenon_module_").append(name)
          .append("{module=\"").append(escaped(module.module()))
          .append("\",version=\"").append(escaped(module.version())).append("\"} ")
          .append(value.apply(module)).append('\n');
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
