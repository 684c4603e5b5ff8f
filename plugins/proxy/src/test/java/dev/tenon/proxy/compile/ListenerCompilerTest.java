package dev.tenon.proxy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of listeners and their connection managers, and what is refused of them. */
class ListenerCompilerTest {
  private static final String ROUTER =
      " http_filters { name: 'r' typed_config {"
          + " [type.googleapis.com/envoy.extensions.filters.http.router.v3.Router] {} } }";
  private static final String FAULT =
      " http_filters { name: 'f' typed_config {"
          + " [type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault] {} } }";
  private static final String POLICY =
      " http_filters { name: 'dev.tenon.policy' typed_config { [type.googleapis.com/dev.tenon.policy.v1.PolicyFilter] {"
          + " namespaces: 'istio-system' namespaces: 'default'"
          + " attributes { key: 'destination.service.host' value: 'reviews' } } } }";
  private static final String CORS =
      "typed_config { [type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors] {} } ";
  private static final String RDS = " rds { route_config_name: 'http_proxy' config_source { ads {} } }";
  private static final String ADDRESS = "address { socket_address { address: '127.0.0.13' port_value: 15002 } } ";

  @Test
  void aSidecarsOutboundListenerLeadsToItsTableByName() {
    ListenerSpec listener =
        compiled("name: 'l' traffic_direction: OUTBOUND " + ADDRESS + chain("stat_prefix: 'o'" + RDS + FAULT + ROUTER));

    assertThat(listener)
        .isEqualTo(
            new ListenerSpec(
                "l",
                new InetSocketAddress("127.0.0.13", 15002),
                ListenerSpec.Direction.OUTBOUND,
                new HttpSpec(
                    new RouteSource.Named("http_proxy"),
                    Optional.empty(),
                    true,
                    PlacedFilters.NONE,
                    HttpSpec.CallerIdentity.INSIDE,
                    new HttpSpec.PathNormalization(false, false, HttpSpec.EscapedSlashes.KEEP),
                    new HttpSpec.HttpLimits(
                        60 * 1024, 100, Duration.ZERO, Duration.ofMinutes(5), Duration.ofHours(1)),
                    Optional.empty())));
  }

  @Test
  void whatAManagerSaysIsTakenOver() {
    HttpSpec http =
        compiled(
                "name: 'l' traffic_direction: INBOUND "
                    + ADDRESS
                    + chain(
                        """
                        codec_type: HTTP1
                        route_config { name: "inbound|9080||" virtual_hosts { name: "h" domains: "*"
                          routes { match { prefix: "/" } route { cluster: "c" } } } }
                        use_remote_address { value: true } xff_num_trusted_hops: 1
                        generate_request_id { value: false }
                        normalize_path { value: true } merge_slashes: true
                        path_with_escaped_slashes_action: REJECT_REQUEST
                        max_request_headers_kb { value: 16 }
                        stream_idle_timeout {} request_headers_timeout { seconds: 10 }
                        common_http_protocol_options { idle_timeout { seconds: 60 } max_headers_count { value: 50 } }
                        http_protocol_options { allow_absolute_url { value: true } }
                        access_log { name: "a" typed_config {
                          [type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog] {
                            path: "/dev/stdout" log_format { text_format_source { inline_string: "x" } } } } }
                        tracing {} server_name: "" delayed_close_timeout { seconds: 1 }
                        """
                            + POLICY + FAULT + ROUTER))
            .http();

    assertThat(http.routes())
        .isInstanceOfSatisfying(
            RouteSource.Inline.class, inline -> assertThat(inline.table().name()).isEqualTo("inbound|9080||"));
    assertThat(http)
        .isEqualTo(
            new HttpSpec(
                http.routes(),
                Optional.of(
                    new PolicySpec(
                        List.of("istio-system", "default"), Map.of("destination.service.host", "reviews"))),
                true,
                PlacedFilters.NONE,
                new HttpSpec.CallerIdentity(false, true, 1),
                new HttpSpec.PathNormalization(true, true, HttpSpec.EscapedSlashes.REJECT),
                new HttpSpec.HttpLimits(
                    16 * 1024, 50, Duration.ofSeconds(10), Duration.ZERO, Duration.ofMinutes(1)),
                Optional.of("/dev/stdout")));
  }

  @Test
  void withoutTheFaultFilterFaultsOfRoutesAreNotCarriedOut() {
    assertThat(compiled("name: 'l' " + ADDRESS + chain(RDS + ROUTER)).http().faults()).isFalse();
  }

  @Test
  void filtersThatMayBeIgnoredAre() {
    String optional = " http_filters { name: 'o' is_optional: true " + CORS + "}";
    String disabled = " http_filters { name: 'd' disabled: true " + CORS + "}";

    assertThat(compiled("name: 'l' " + ADDRESS + chain(RDS + optional + disabled + ROUTER)).http().policy()).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "codec_type                            | codec_type: HTTP2                                                  | HTTP/1.1",
    "scoped_routes                         | scoped_routes {}                                                   | not carried out",
    "rds.route_config_name                 | rds { config_source { ads {} } }                                   | is required",
    "rds.config_source                     | rds { route_config_name: 'x' config_source {} }                    | only ads",
    "rds.config_source.api_config_source   | rds { route_config_name: 'x' config_source { api_config_source {} } } | not carried out",
    "route_config.virtual_hosts[0].routes[0].match.grpc | route_config { virtual_hosts { domains: 'x' routes { match { grpc {} } } } } | not carried out",
    "upgrade_configs[0]                    | upgrade_configs { upgrade_type: 'websocket' }                      | not carried out",
    "request_timeout                       | request_timeout { seconds: 1 }                                     | not carried out",
    "max_request_headers_kb                | max_request_headers_kb { value: 9000 }                             | not between",
    "xff_num_trusted_hops                  | xff_num_trusted_hops: 101                                          | more than 100",
    "http2_protocol_options                | http2_protocol_options {}                                          | not carried out",
    "common_http_protocol_options.max_stream_duration | common_http_protocol_options { max_stream_duration { seconds: 1 } } | not carried out",
    "http_protocol_options.accept_http_10  | http_protocol_options { accept_http_10: true }                     | not carried out",
    "local_reply_config                    | local_reply_config {}                                              | not carried out",
    "path_with_escaped_slashes_action      | path_with_escaped_slashes_action: UNESCAPE_AND_REDIRECT            | not carried out",
    "strip_any_host_port                   | strip_any_host_port: true                                          | not carried out",
    "forward_client_cert_details           | forward_client_cert_details: FORWARD_ONLY                          | not carried out",
    "original_ip_detection_extensions[0]   | original_ip_detection_extensions {}                                | not carried out",
    "access_log[0].filter                  | access_log { filter {} }                                           | not carried out",
    "access_log[0].typed_config            | access_log { typed_config { [type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog] {} } } | StdoutAccessLog",
    "access_log                            | access_log {} access_log {}                                        | writes one",
  })
  void whatIsNotCarriedOutIsRefusedByItsPath(String path, String manager, String reason) {
    String routes = manager.contains("rds") || manager.contains("route") ? "" : RDS;
    refused("filter_chains[0].filters[0].typed_config." + path.strip(), ADDRESS + chain(manager + routes + ROUTER), reason);
  }

  @Test
  void filtersStandInOneOrder() {
    String at = "filter_chains[0].filters[0].typed_config.http_filters";
    refused(at + "[1]", ADDRESS + chain(RDS + FAULT + POLICY + ROUTER), "in the order");
    refused(at + "[1]", ADDRESS + chain(RDS + ROUTER + ROUTER), "once each");
    refused(at, ADDRESS + chain(RDS + FAULT), "router must be the last");
    refused(at + "[0].typed_config", ADDRESS + chain(RDS + " http_filters { " + CORS + "}" + ROUTER), "cors.v3.Cors");
    refused(
        at + "[0].typed_config.abort",
        ADDRESS + chain(RDS + FAULT.replace("{} } }", "{ abort {} } } }") + ROUTER),
        "not carried out");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "filter_chains                              | address { socket_address { address: '::1' port_value: 1 } }                     | exactly one",
    "address                                    | filter_chains { filters {} }                                                    | only socket_address",
    "default_filter_chain                       | default_filter_chain {}                                                         | not carried out",
    "listener_filters[0]                        | listener_filters {}                                                             | not carried out",
    "use_original_dst                           | use_original_dst { value: true }                                                | not carried out",
    "bind_to_port                               | bind_to_port { value: false }                                                   | port of its own",
    "filter_chains[0].transport_socket          | filter_chains { transport_socket {} }                                           | not carried out",
    "filter_chains[0].filter_chain_match.server_names[0] | filter_chains { filter_chain_match { server_names: 'x' } }             | not carried out",
    "filter_chains[0].filters                   | address { socket_address { address: '::1' port_value: 1 } } filter_chains {}    | exactly one",
    "filter_chains[0].filters[0].typed_config   | address { socket_address { address: '::1' port_value: 1 } } filter_chains { filters { typed_config { [type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy] {} } } } | TcpProxy",
  })
  void soIsItOfListeners(String path, String listener, String reason) {
    refused(path, listener, reason);
  }

  private static String chain(String manager) {
    return "filter_chains { filters { name: 'hcm' typed_config {"
        + " [type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager] { "
        + manager
        + " } } } }";
  }

  private static ListenerSpec compiled(String listener) {
    Compilation<ListenerSpec> result = ListenerCompiler.compile(Protos.listener(listener).toByteString());
    assertThat(result).isInstanceOf(Compilation.Compiled.class);
    return ((Compilation.Compiled<ListenerSpec>) result).value();
  }

  private static void refused(String path, String listener, String reason) {
    assertThat(ListenerCompiler.compile(Protos.listener("name: 'l' " + listener).toByteString()))
        .isInstanceOfSatisfying(
            Compilation.Rejected.class,
            no -> {
              assertThat(no.path()).isEqualTo(path);
              assertThat(no.reason()).contains(reason);
            });
  }
}
