package dev.tenon.cli.module;

import dev.tenon.wire.admin.v1.KeptBuild;
import dev.tenon.wire.admin.v1.ModuleEvent;
import dev.tenon.wire.admin.v1.ModuleInfo;
import dev.tenon.cli.client.Ages;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
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
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", module.getName());
    row.put("version", dash(module.getVersion()));
    row.put("state", module.getState());
    row.put("gen", module.getGeneration() == 0 ? "-" : module.getGeneration());
    row.put("signer", dash(module.getSigner()));
    row.put("since", Ages.since(module.getSinceMillis()));
    row.put("requests", module.getRequests());
    row.put("cpu", String.format(Locale.ROOT, "%.1f%%", 100 * module.getCpuShare()));
    row.put("alloc/s", bytes(module.getAllocatedBytes()));
    row.put("errors", module.getErrors());
    row.put("timeouts", module.getTimeouts());
    row.put("old-conns", module.getOldConnections());
    return row;
  }

  static Map<String, Object> whole(ModuleInfo module) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", module.getName());
    row.put("version", module.getVersion());
    row.put("build", module.getBuild());
    row.put("state", module.getState());
    row.put("generation", module.getGeneration());
    row.put("file", module.getFile());
    row.put("signer", module.getSigner());
    row.put("sinceMillis", module.getSinceMillis());
    row.put("reason", module.getReason());
    row.put("requests", module.getRequests());
    row.put("cpuShare", module.getCpuShare());
    row.put("allocatedBytes", module.getAllocatedBytes());
    row.put("errors", module.getErrors());
    row.put("timeouts", module.getTimeouts());
    row.put("oldConnections", module.getOldConnections());
    return row;
  }

  static Map<String, Object> inTable(ModuleEvent event) {
    Map<String, Object> row = whole(event);
    row.put("at", TIME.format(Instant.ofEpochMilli(event.getAtMillis())));
    row.put("build", dash(event.getBuild()));
    return row;
  }

  static Map<String, Object> whole(ModuleEvent event) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("atMillis", event.getAtMillis());
    row.put("module", event.getModule());
    row.put("event", event.getEvent());
    row.put("build", event.getBuild());
    row.put("detail", event.getDetail());
    return row;
  }

  static Map<String, Object> inTable(KeptBuild kept) {
    Map<String, Object> row = whole(kept);
    row.put("good-since", Ages.since(kept.getGoodSinceMillis()));
    row.put("runs", kept.getRuns() ? "yes" : "no");
    return row;
  }

  static Map<String, Object> whole(KeptBuild kept) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("build", kept.getBuild());
    row.put("file", kept.getFile());
    row.put("goodSinceMillis", kept.getGoodSinceMillis());
    row.put("runs", kept.getRuns());
    return row;
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
