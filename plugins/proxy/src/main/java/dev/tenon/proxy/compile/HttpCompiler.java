package dev.tenon.proxy.compile;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import dev.tenon.wire.xds.v1.Http1ProtocolOptions;
import dev.tenon.wire.xds.v1.HttpConnectionManager;
import dev.tenon.wire.xds.v1.HttpConnectionManager.CodecType;
import dev.tenon.wire.xds.v1.HttpConnectionManager.ServerHeaderTransformation;
import dev.tenon.wire.xds.v1.HttpFilter;
import dev.tenon.wire.xds.v1.HttpProtocolOptions;
import dev.tenon.wire.xds.v1.Rds;
import java.time.Duration;

/** Compiles HTTP connection managers. */
final class HttpCompiler {
  static final String TYPE =
      "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

  private static final int MOST_KILOBYTES = 8192;
  private static final HttpSpec.HttpLimits DEFAULTS = HttpSpec.HttpLimits.DEFAULT;

  private static final Shape COMMON =
      Shape.of(
          "envoy.config.core.v3.HttpProtocolOptions",
          HttpProtocolOptions.IDLE_TIMEOUT_FIELD_NUMBER,
          HttpProtocolOptions.MAX_HEADERS_COUNT_FIELD_NUMBER);

  private static final Shape HTTP1 =
      Shape.of("envoy.config.core.v3.Http1ProtocolOptions", Http1ProtocolOptions.ALLOW_ABSOLUTE_URL_FIELD_NUMBER);

  private static final Shape HTTP_FILTER =
      Shape.of(
          "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter",
          HttpFilter.NAME_FIELD_NUMBER,
          HttpFilter.TYPED_CONFIG_FIELD_NUMBER,
          HttpFilter.IS_OPTIONAL_FIELD_NUMBER,
          HttpFilter.DISABLED_FIELD_NUMBER);

  private static final Shape SHAPE =
      Shape.of(
              "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
              HttpConnectionManager.CODEC_TYPE_FIELD_NUMBER,
              HttpConnectionManager.ADD_USER_AGENT_FIELD_NUMBER,
              HttpConnectionManager.SERVER_HEADER_TRANSFORMATION_FIELD_NUMBER,
              HttpConnectionManager.MAX_REQUEST_HEADERS_KB_FIELD_NUMBER,
              HttpConnectionManager.STREAM_IDLE_TIMEOUT_FIELD_NUMBER,
              HttpConnectionManager.REQUEST_TIMEOUT_FIELD_NUMBER,
              HttpConnectionManager.REQUEST_HEADERS_TIMEOUT_FIELD_NUMBER,
              HttpConnectionManager.ACCESS_LOG_FIELD_NUMBER,
              HttpConnectionManager.USE_REMOTE_ADDRESS_FIELD_NUMBER,
              HttpConnectionManager.XFF_NUM_TRUSTED_HOPS_FIELD_NUMBER,
              HttpConnectionManager.GENERATE_REQUEST_ID_FIELD_NUMBER,
              HttpConnectionManager.NORMALIZE_PATH_FIELD_NUMBER,
              HttpConnectionManager.MERGE_SLASHES_FIELD_NUMBER,
              HttpConnectionManager.PATH_WITH_ESCAPED_SLASHES_ACTION_FIELD_NUMBER,
              // How a connection ends is the kernel's and the drain's concern.
              HttpConnectionManager.DRAIN_TIMEOUT_FIELD_NUMBER,
              HttpConnectionManager.DELAYED_CLOSE_TIMEOUT_FIELD_NUMBER,
              // They only observe.
              HttpConnectionManager.STAT_PREFIX_FIELD_NUMBER,
              HttpConnectionManager.TRACING_FIELD_NUMBER)
          .with(
              HttpConnectionManager.RDS_FIELD_NUMBER,
              Shape.of("envoy.extensions.filters.network.http_connection_manager.v3.Rds", Rds.ROUTE_CONFIG_NAME_FIELD_NUMBER)
                  .with(Rds.CONFIG_SOURCE_FIELD_NUMBER, ClusterCompiler.OVER_ADS))
          .with(HttpConnectionManager.ROUTE_CONFIG_FIELD_NUMBER, RouteShapes.TABLE)
          .with(HttpConnectionManager.HTTP_FILTERS_FIELD_NUMBER, HTTP_FILTER)
          .with(HttpConnectionManager.COMMON_HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER, COMMON)
          .with(HttpConnectionManager.HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER, HTTP1);

  private HttpCompiler() {}

  static HttpSpec compile(Any config) {
    HttpConnectionManager manager = Unusable.unpack(config, TYPE, SHAPE, HttpConnectionManager::parseFrom);
    refuse(manager);
    FilterChainCompiler filters = FilterChainCompiler.read(manager.getHttpFiltersList());
    return new HttpSpec(
        routes(manager),
        filters.policy(),
        filters.faults(),
        filters.placed(),
        new HttpSpec.CallerIdentity(
            !manager.hasGenerateRequestId() || manager.getGenerateRequestId().getValue(),
            manager.getUseRemoteAddress().getValue(),
            hops(manager.getXffNumTrustedHops())),
        new HttpSpec.PathNormalization(
            manager.getNormalizePath().getValue(), manager.getMergeSlashes(), escapedSlashes(manager)),
        limits(manager),
        AccessLogCompiler.path(manager.getAccessLogList()));
  }

  private static void refuse(HttpConnectionManager manager) {
    if (manager.getCodecType() != CodecType.AUTO && manager.getCodecType() != CodecType.HTTP1) {
      throw new Unusable("codec_type", "is " + manager.getCodecType() + "; this proxy speaks HTTP/1.1");
    }
    Values.mustBeOff("add_user_agent", manager.getAddUserAgent());
    if (manager.getServerHeaderTransformation() == ServerHeaderTransformation.APPEND_IF_ABSENT) {
      throw new Unusable("server_header_transformation", "APPEND_IF_ABSENT is not carried out by this proxy");
    }
    if (!Unusable.in("request_timeout", () -> Values.duration(manager.getRequestTimeout())).isZero()) {
      throw new Unusable("request_timeout", "is not carried out by this proxy; use a route's timeout");
    }
    Http1ProtocolOptions http1 = manager.getHttpProtocolOptions();
    if (http1.hasAllowAbsoluteUrl() && !http1.getAllowAbsoluteUrl().getValue()) {
      throw new Unusable("http_protocol_options.allow_absolute_url", "absolute URLs are always taken by this proxy");
    }
  }

  private static RouteSource routes(HttpConnectionManager manager) {
    return switch (manager.getRouteSpecifierCase()) {
      case RDS ->
          Unusable.in(
              "rds",
              () -> {
                Unusable.in("config_source", () -> ClusterCompiler.overAds(manager.getRds().getConfigSource()));
                if (manager.getRds().getRouteConfigName().isEmpty()) {
                  throw new Unusable("route_config_name", "is required");
                }
                return new RouteSource.Named(manager.getRds().getRouteConfigName());
              });
      case ROUTE_CONFIG ->
          new RouteSource.Inline(Unusable.in("route_config", () -> RouteCompiler.table(manager.getRouteConfig())));
      case ROUTESPECIFIER_NOT_SET ->
          throw new Unusable("route_specifier", "one of rds and route_config is required");
    };
  }

  private static int hops(int hops) {
    if (hops < 0 || hops > 100) {
      throw new Unusable("xff_num_trusted_hops", Integer.toUnsignedString(hops) + " is more than 100");
    }
    return hops;
  }

  private static HttpSpec.EscapedSlashes escapedSlashes(HttpConnectionManager manager) {
    return switch (manager.getPathWithEscapedSlashesAction()) {
      case IMPLEMENTATION_SPECIFIC_DEFAULT, KEEP_UNCHANGED -> HttpSpec.EscapedSlashes.KEEP;
      case REJECT_REQUEST -> HttpSpec.EscapedSlashes.REJECT;
      case UNESCAPE_AND_FORWARD -> HttpSpec.EscapedSlashes.UNESCAPE;
      case UNESCAPE_AND_REDIRECT, UNRECOGNIZED ->
          throw new Unusable(
              "path_with_escaped_slashes_action",
              manager.getPathWithEscapedSlashesAction() + " is not carried out by this proxy");
    };
  }

  private static HttpSpec.HttpLimits limits(HttpConnectionManager manager) {
    HttpProtocolOptions common = manager.getCommonHttpProtocolOptions();
    return new HttpSpec.HttpLimits(
        headBytes(manager),
        bounded("common_http_protocol_options.max_headers_count", common.hasMaxHeadersCount(),
            common.getMaxHeadersCount(), DEFAULTS.headers(), 1000),
        time("request_headers_timeout", manager.hasRequestHeadersTimeout(),
            manager.getRequestHeadersTimeout(), Duration.ZERO),
        time("stream_idle_timeout", manager.hasStreamIdleTimeout(),
            manager.getStreamIdleTimeout(), DEFAULTS.streamIdle()),
        time("common_http_protocol_options.idle_timeout", common.hasIdleTimeout(),
            common.getIdleTimeout(), DEFAULTS.connectionIdle()));
  }

  private static int headBytes(HttpConnectionManager manager) {
    return 1024
        * bounded("max_request_headers_kb", manager.hasMaxRequestHeadersKb(), manager.getMaxRequestHeadersKb(),
            DEFAULTS.headBytes() / 1024, MOST_KILOBYTES);
  }

  private static int bounded(String field, boolean given, UInt32Value value, int fallback, int most) {
    if (!given) {
      return fallback;
    }
    int count = Values.count(value);
    if (count < 1 || count > most) {
      throw new Unusable(field, count + " is not between 1 and " + most);
    }
    return count;
  }

  private static Duration time(String field, boolean given, com.google.protobuf.Duration value, Duration fallback) {
    return given ? Unusable.in(field, () -> Values.duration(value)) : fallback;
  }
}
