package dev.tenon.pilot.translate;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import dev.tenon.spi.rules.FilterRule;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Writes how connections are served: what all listeners have in common. */
final class ManagerWriter {
  private static final Duration HEAD = Duration.ofSeconds(10);
  private static final Duration STREAM_IDLE = Duration.ofMinutes(5);
  private static final Duration CONNECTION_IDLE = Duration.ofHours(1);

  private ManagerWriter() {}

  static HttpConnectionManager.Builder manager(String statPrefix, String accessLog) {
    HttpConnectionManager.Builder manager =
        HttpConnectionManager.newBuilder()
            .setStatPrefix(statPrefix)
            .setGenerateRequestId(BoolValue.of(true))
            .setNormalizePath(BoolValue.of(true))
            .setMergeSlashes(true)
            .setPathWithEscapedSlashesAction(PathWithEscapedSlashesAction.KEEP_UNCHANGED)
            .setRequestHeadersTimeout(Addresses.duration(HEAD))
            .setStreamIdleTimeout(Addresses.duration(STREAM_IDLE))
            .setCommonHttpProtocolOptions(
                HttpProtocolOptions.newBuilder().setIdleTimeout(Addresses.duration(CONNECTION_IDLE)));
    if (!accessLog.isEmpty()) {
      manager.addAccessLog(
          AccessLog.newBuilder()
              .setName("envoy.access_loggers.file")
              .setTypedConfig(Packing.any(FileAccessLog.newBuilder().setPath(accessLog).build())));
    }
    return manager;
  }

  /** Callers are outside: what they say about themselves is not believed. */
  static void edge(HttpConnectionManager.Builder manager) {
    manager.setUseRemoteAddress(BoolValue.of(true));
  }

  static Rds rds(String table) {
    return Rds.newBuilder().setRouteConfigName(table).setConfigSource(Addresses.ads()).build();
  }

  /**
   * All filters of a listener, in the order in which requests meet them.
   *
   * @param plugs plug-ins, in their order
   * @param policy what judges
   */
  static void filters(HttpConnectionManager.Builder manager, List<FilterRule> plugs, Optional<HttpFilter> policy) {
    plugs.stream().filter(each -> each.phase().beforePolicy()).map(PlugWriter::filter).forEach(manager::addHttpFilters);
    policy.ifPresent(manager::addHttpFilters);
    plugs.stream().filter(each -> !each.phase().beforePolicy()).map(PlugWriter::filter).forEach(manager::addHttpFilters);
    manager.addHttpFilters(filter(FaultWriter.FILTER, HTTPFault.getDefaultInstance()));
    manager.addHttpFilters(filter("envoy.filters.http.router", Router.getDefaultInstance()));
  }

  static HttpFilter filter(String name, Message config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(Packing.any(config)).build();
  }
}
