package dev.tenon.kernel.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** java.util.logging behind SLF4J, in one format, on standard error. */
public final class Logs implements AutoCloseable {
  /** Loggers whose level was set; the manager itself holds them only weakly. */
  private final List<Logger> held = new ArrayList<>();

  private Logs() {}

  /**
   * Replaces whatever was set up before.
   *
   * @param levels {@code trace}, {@code debug}, {@code info}, {@code warn}, {@code error} or {@code
   *     off} by logger name; {@code root} for all others
   */
  public static Logs start(Map<String, String> levels) {
    LogManager.getLogManager().reset();
    Logs logs = new Logs();
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new Line());
    Logger root = logs.at("", "info");
    root.addHandler(handler);
    logs.at("io.netty.bootstrap.ServerBootstrap", "error"); // says at each local connection that it has no keep-alive
    levels.forEach((name, level) -> logs.at(name.equals("root") ? "" : name, level));
    return logs;
  }

  private Logger at(String name, String level) {
    Logger logger = Logger.getLogger(name);
    logger.setLevel(level(level));
    held.add(logger);
    return logger;
  }

  private static Level level(String name) {
    return switch (name) {
      case "trace" -> Level.FINEST;
      case "debug" -> Level.FINE;
      case "warn" -> Level.WARNING;
      case "error" -> Level.SEVERE;
      case "off" -> Level.OFF;
      default -> Level.INFO;
    };
  }

  /** Writes out what is buffered. */
  @Override
  public void close() {
    for (Logger logger : held) {
      for (Handler handler : logger.getHandlers()) {
        handler.flush();
      }
    }
  }
}
