package dev.tenon.proxy;

import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.report.AccessLog;
import dev.tenon.proxy.report.LogLane;
import dev.tenon.proxy.serve.Lane;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The access logs of one generation, opened when first written to, shared by all loops. */
final class LogFiles implements Lane.LogOpener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);

  private final String usual;
  private final Map<String, Optional<AccessLog>> open = new HashMap<>();
  private boolean closed;

  /**
   * No log is open.
   *
   * @param usual path for listeners that do not say; empty: none
   */
  LogFiles(String usual) {
    this.usual = usual;
  }

  @Override
  public synchronized Optional<LogLane> open(Optional<String> path, LoopState loop) {
    String file = path.orElse(usual);
    // What a connection still says at its end, after the logs were closed, must not open one again.
    return file.isEmpty() || closed ? Optional.empty() : open.computeIfAbsent(file, LogFiles::tryOpen).map(log -> log.lane(loop));
  }

  private static Optional<AccessLog> tryOpen(String path) {
    try {
      return Optional.of(AccessLog.open(path));
    } catch (IOException e) {
      LOG.error("access log {} cannot be opened, requests are not logged: {}", path, e.toString());
      return Optional.empty();
    }
  }

  synchronized long dropped() {
    return open.values().stream().flatMap(Optional::stream).mapToLong(AccessLog::dropped).sum();
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.values().forEach(log -> log.ifPresent(AccessLog::close));
    open.clear();
  }
}
