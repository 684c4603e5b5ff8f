package dev.tenon.cli.module;

import dev.tenon.wire.admin.v1.KeptBuild;
import dev.tenon.wire.admin.v1.ModuleEvent;
import dev.tenon.wire.admin.v1.ModuleInfo;
import dev.tenon.cli.client.Row;
import dev.tenon.cli.client.Ages;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a process says of its modules, as rows: short ones for tables, whole ones for JSON and YAML. */
final class Rows {
  /** A table's columns for {@link #inTable(ModuleInfo)}. */
  static final List<String> MODULE =
      List.of("name", "version", "state", "gen", "signer", "since", "requests", "cpu", "alloc/s", "errors", "timeouts", "old-conns");

  /** A table's columns for {@link #inTable(ModuleEvent)}. */
  static final List<String> EVENT = List.of("at", "module", "event", "build", "detail");

  /** A table's columns for {@link #inTable(KeptBuild)}. */
  static final List<String> KEPT = List.of("build", "file", "good-since", "runs");

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final long KIB = 1024;

  private Rows() {}

  static Map<String, Object> inTable(ModuleInfo module) {
    return Row.of(
        "name", module.getName(),
        "version", dash(module.getVersion()),
        "state", module.getState(),
        "gen", module.getGeneration() == 0 ? "-" : module.getGeneration(),
        "signer", dash(module.getSigner()),
        "since", Ages.since(module.getSinceMillis()),
        "requests", module.getRequests(),
        "cpu", String.format(Locale.ROOT, "%.1f%%", 100 * module.getCpuShare()),
        "alloc/s", bytes(module.getAllocatedBytes()),
        "errors", module.getErrors(),
        "timeouts", module.getTimeouts(),
        "old-conns", module.getOldConnections());
  }

  static Map<String, Object> whole(ModuleInfo module) {
    return Row.of(
        "name", module.getName(),
        "version", module.getVersion(),
        "build", module.getBuild(),
        "state", module.getState(),
        "generation", module.getGeneration(),
        "file", module.getFile(),
        "signer", module.getSigner(),
        "sinceMillis", module.getSinceMillis(),
        "reason", module.getReason(),
        "requests", module.getRequests(),
        "cpuShare", module.getCpuShare(),
        "allocatedBytes", module.getAllocatedBytes(),
        "errors", module.getErrors(),
        "timeouts", module.getTimeouts(),
        "oldConnections", module.getOldConnections());
  }

  static Map<String, Object> inTable(ModuleEvent event) {
    Map<String, Object> row = whole(event);
    row.put("at", TIME.format(Instant.ofEpochMilli(event.getAtMillis())));
    row.put("build", dash(event.getBuild()));
    return row;
  }

  static Map<String, Object> whole(ModuleEvent event) {
    return Row.of(
        "atMillis", event.getAtMillis(),
        "module", event.getModule(),
        "event", event.getEvent(),
        "build", event.getBuild(),
        "detail", event.getDetail());
  }

  static Map<String, Object> inTable(KeptBuild kept) {
    Map<String, Object> row = whole(kept);
    row.put("good-since", Ages.since(kept.getGoodSinceMillis()));
    row.put("runs", kept.getRuns() ? "yes" : "no");
    return row;
  }

  static Map<String, Object> whole(KeptBuild kept) {
    return Row.of(
        "build", kept.getBuild(),
        "file", kept.getFile(),
        "goodSinceMillis", kept.getGoodSinceMillis(),
        "runs", kept.getRuns());
  }

  private static String dash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static String bytes(long count) {
    if (count < 10 * KIB) {
      return count + "B";
    }
    return count < 10 * KIB * KIB ? count / KIB + "KiB" : count / KIB / KIB + "MiB";
  }
}
