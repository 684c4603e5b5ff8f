package dev.tenon.kernel.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** {@code 2026-11-23T03:48:00.123Z INFO  kernel.boot ready in 412 ms}, and a stack trace if there is one. */
final class Line extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Override
  public String format(LogRecord record) {
    StringBuilder line = new StringBuilder(120);
    TIME.formatTo(record.getInstant(), line);
    line.append(level(record.getLevel())).append(name(record.getLoggerName())).append("  ").append(formatMessage(record)).append('\n');
    if (record.getThrown() != null) {
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace));
      line.append(trace);
    }
    return line.toString();
  }

  private static String level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return " ERROR ";
    }
    if (value >= Level.WARNING.intValue()) {
      return " WARN  ";
    }
    return value >= Level.INFO.intValue() ? " INFO  " : " DEBUG ";
  }

  /** The package without the house's name: the room is what a reader looks for. */
  private static String name(String logger) {
    if (logger == null || !logger.startsWith("dev.tenon.")) {
      return String.valueOf(logger);
    }
    int end = logger.lastIndexOf('.');
    return logger.substring("dev.tenon.".length(), Math.max(end, "dev.tenon.".length()));
  }
}
