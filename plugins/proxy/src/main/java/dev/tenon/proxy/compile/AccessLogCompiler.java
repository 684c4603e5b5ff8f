package dev.tenon.proxy.compile;

import dev.tenon.wire.xds.v1.AccessLog;
import dev.tenon.wire.xds.v1.FileAccessLog;
import java.util.List;
import java.util.Optional;

/** Compiles where the access log is written. Its format is this proxy's own: it only observes. */
final class AccessLogCompiler {
  static final String FILE = "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog";

  private static final Shape SHAPE =
      Shape.of(
          "envoy.extensions.access_loggers.file.v3.FileAccessLog",
          FileAccessLog.PATH_FIELD_NUMBER,
          FileAccessLog.FORMAT_FIELD_NUMBER,
          FileAccessLog.JSON_FORMAT_FIELD_NUMBER,
          FileAccessLog.TYPED_JSON_FORMAT_FIELD_NUMBER,
          FileAccessLog.LOG_FORMAT_FIELD_NUMBER);

  private AccessLogCompiler() {}

  static Optional<String> path(List<AccessLog> logs) {
    if (logs.size() > 1) {
      throw new Unusable("access_log", "there are " + logs.size() + "; this proxy writes one");
    }
    return Unusable.each("access_log", logs, AccessLogCompiler::file).stream().findFirst();
  }

  private static String file(AccessLog log) {
    if (log.hasFilter()) {
      throw new Unusable("filter", "is not carried out by this proxy");
    }
    return Unusable.in(
        "typed_config",
        () -> {
          FileAccessLog file = Unusable.unpack(log.getTypedConfig(), FILE, SHAPE, FileAccessLog::parseFrom);
          if (file.getPath().isEmpty()) {
            throw new Unusable("path", "is required");
          }
          return file.getPath();
        });
  }
}
