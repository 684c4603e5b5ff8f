package dev.tenon.proxy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of route configurations, and what is refused of them. */
class RouteCompilerTest {
  @Test
  void aRouteWithEverythingBecomesItsRecord() {
    Route route =
        route(
            """
            name: "r"
            match {
              prefix: "/a" case_sensitive { value: false }
              headers { name: "End-User" string_match { exact: "jason" ignore_case: true } }
              headers { name: "host" string_match { safe_regex { regex: "a.*" } } invert_match: true }
              headers { name: ":method" present_match: true treat_missing_header_as_empty: true }
              headers { name: "x" }
              query_parameters { name: "q" string_match { prefix: "1" } }
            }
            route {
              weighted_clusters {
                clusters { name: "v1" weight { value: 90 }
                  request_headers_to_add { header { key: "X-Sub" value: "100%%" } } }
                clusters { name: "v2" weight { value: 10 } response_headers_to_remove: "Server" }
                clusters { name: "v3" weight { value: 0 } }
              }
              timeout { seconds: 3 }
              idle_timeout { nanos: 500000000 }
              retry_policy {
                retry_on: "connect-failure,refused-stream,unavailable, retriable-status-codes"
                num_retries { value: 2 } per_try_timeout { seconds: 1 } retriable_status_codes: 503
                host_selection_retry_max_attempts: 5
                retry_host_predicate { name: "x" typed_config {
                  [type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate] {} } }
              }
              prefix_rewrite: "/b"
              host_rewrite_literal: "other"
            }
            request_headers_to_add { header { key: "X-R" value: "1" } append_action: OVERWRITE_IF_EXISTS_OR_ADD }
            request_headers_to_remove: "X-Gone"
            typed_per_filter_config { key: "envoy.filters.http.fault" value {
              [type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault] {
                delay { fixed_delay { seconds: 7 } percentage { numerator: 50 } }
                abort { http_status: 555 percentage { numerator: 3 denominator: TEN_THOUSAND } } } } }
            metadata {} decorator { operation: "o" }
            """);

    assertThat(route.match())
        .isEqualTo(
            new RouteMatch(
                new PathMatch.Prefix("/a", true),
                List.of(
                    new HeaderMatch("end-user", new ValueMatch.Exact("jason", true)),
                    new HeaderMatch(":authority", new ValueMatch.Regex(Pattern.compile("a.*")), true, false),
                    new HeaderMatch(":method", new ValueMatch.Present(true), false, true),
                    new HeaderMatch("x", new ValueMatch.Present(true))),
                List.of(new QueryMatch("q", new ValueMatch.Prefix("1", false)))));
    assertThat(route.action())
        .isEqualTo(
            new RouteAction.Forward(
                List.of(
                    new WeightedCluster(
                        "v1", 90,
                        new HeaderOps(List.of(new HeaderOps.Put("x-sub", "100%", HeaderOps.When.APPEND))),
                        HeaderOps.NONE),
                    new WeightedCluster("v2", 10, HeaderOps.NONE, new HeaderOps(List.of(new HeaderOps.Remove("server"))))),
                100,
                Duration.ofSeconds(3),
                Optional.of(Duration.ofMillis(500)),
                Optional.of(
                    new RetrySpec(
                        Set.of(
                            RetrySpec.On.CONNECT_FAILURE,
                            RetrySpec.On.REFUSED_STREAM,
                            RetrySpec.On.RETRIABLE_STATUS_CODES),
                        Set.of(503), 2, Optional.of(Duration.ofSeconds(1)), true, 5)),
                new Rewrite(new PathRewrite.Prefix("/b"), "other")));
    assertThat(route.request())
        .isEqualTo(
            new HeaderOps(
                List.of(
                    new HeaderOps.Remove("x-gone"), new HeaderOps.Put("x-r", "1", HeaderOps.When.OVERWRITE))));
    assertThat(route.fault())
        .contains(
            new FaultSpec(
                Optional.of(new FaultSpec.Delay(Duration.ofSeconds(7), 500_000)),
                Optional.of(new FaultSpec.Abort(555, 300))));
  }

  @Test
  void silenceMeansEnvoysDefaults() {
    Route route = route("match { prefix: \"/\" } route { cluster: \"c\" retry_policy { retry_on: \"5xx\" } }");

    assertThat(route.match()).isEqualTo(RouteMatch.ALL);
    assertThat(route.action())
        .isEqualTo(
            new RouteAction.Forward(
                List.of(WeightedCluster.only("c")),
                Duration.ofSeconds(15),
                Optional.of(new RetrySpec(Set.of(RetrySpec.On.FIVE_XX), Set.of(), 1, Optional.empty(), false, 1)),
                Rewrite.NONE));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', value = {
    "path: '/p'                                       | Exact[value=/p, ignoreCase=false]",
    "path_separated_prefix: '/p'                      | Segments[value=/p, ignoreCase=false]",
    "safe_regex { google_re2 {} regex: '/p[0-9]+' }   | Regex[pattern=/p[0-9]+]",
  })
  void pathsAreMatchedInFourWays(String match, String expected) {
    assertThat(route("match { " + match + " } route { cluster: 'c' }").match().path()).hasToString(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "redirect { https_redirect: true }                                    | Redirect[scheme=https, host=, port=0, path=Keep[], status=301, stripQuery=false]",
    "redirect { host_redirect: 'h' port_redirect: 81 response_code: SEE_OTHER strip_query: true } | Redirect[scheme=, host=h, port=81, path=Keep[], status=303, stripQuery=true]",
    "redirect { path_redirect: '/x' response_code: TEMPORARY_REDIRECT }   | Redirect[scheme=, host=, port=0, path=Whole[replacement=/x], status=307, stripQuery=false]",
    "redirect { prefix_rewrite: '/x' response_code: PERMANENT_REDIRECT }  | Redirect[scheme=, host=, port=0, path=Prefix[replacement=/x], status=308, stripQuery=false]",
    "direct_response { status: 502 }                                      | DirectResponse[status=502, body=]",
    "direct_response { status: 200 body { inline_string: 'hi' } }         | DirectResponse[status=200, body=hi]",
    "direct_response { status: 200 body { inline_bytes: 'hi' } }          | DirectResponse[status=200, body=hi]",
  })
  void someRoutesAnswerByThemselves(String action, String expected) {
    assertThat(route("match { prefix: '/' } " + action).action()).hasToString(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "pattern { regex: '^/a/(.*)$' } substitution: '/b/\\\\1'  | /b/$1",
    "pattern { regex: '/a' } substitution: '/$x'              | /\\$x",
    "pattern { regex: '/a' } substitution: '/\\\\\\\\'        | /\\\\",
  })
  void substitutionsAreTranslated(String rewrite, String expected) {
    RouteAction action = route("match { prefix: '/' } route { cluster: 'c' regex_rewrite { " + rewrite + " } }").action();

    assertThat(((RouteAction.Forward) action).rewrite().path())
        .isInstanceOfSatisfying(PathRewrite.Regex.class, regex -> assertThat(regex.substitution()).isEqualTo(expected));
  }

  @Test
  void aPrefixRewriteOfARegularExpressionReplacesTheWholePath() {
    RouteAction action = route("match { safe_regex { regex: '/.*' } } route { cluster: 'c' prefix_rewrite: '/n' }").action();

    assertThat(((RouteAction.Forward) action).rewrite().path()).isEqualTo(new PathRewrite.Whole("/n"));
  }

  @Test
  void routesTakeOverWhatTheirVirtualHostAndTableSay() {
    RouteTable table =
        compiled(
            """
            name: "t" ignore_port_in_host_matching: true validate_clusters { value: false }
            request_headers_to_add { header { key: "from" value: "table" } }
            virtual_hosts {
              name: "h" domains: "a.example" domains: "*.b"
              request_headers_to_add { header { key: "from" value: "host" } append { value: false } }
              retry_policy { retry_on: "reset" }
              routes { match { prefix: "/" } route { cluster: "c" }
                request_headers_to_add { header { key: "from" value: "route" } append_action: ADD_IF_ABSENT } }
            }
            """);

    assertThat(table.name()).isEqualTo("t");
    assertThat(table.ignorePort()).isTrue();
    Route route = table.hosts().getFirst().routes().getFirst();
    assertThat(route.request())
        .isEqualTo(
            new HeaderOps(
                List.of(
                    new HeaderOps.Put("from", "route", HeaderOps.When.ADD_IF_ABSENT),
                    new HeaderOps.Put("from", "host", HeaderOps.When.OVERWRITE),
                    new HeaderOps.Put("from", "table", HeaderOps.When.APPEND))));
    assertThat(((RouteAction.Forward) route.action()).retry()).isPresent();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "match                                   | route { cluster: 'c' }                                                        | is required",
    "action                                  | match { prefix: '/' }                                                         | one of route",
    "match.connect_matcher                   | match { connect_matcher {} } route { cluster: 'c' }                           | not carried out",
    "match.path_separated_prefix             | match { path_separated_prefix: '/a/' } route { cluster: 'c' }                 | slash",
    "match.runtime_fraction                  | match { prefix: '/' runtime_fraction {} } route { cluster: 'c' }              | not carried out",
    "match.grpc                              | match { prefix: '/' grpc {} } route { cluster: 'c' }                          | not carried out",
    "match.safe_regex.regex                  | match { safe_regex { regex: '(' } } route { cluster: 'c' }                    | missing",
    "match.safe_regex.regex                  | match { safe_regex { regex: '((a{900}){900})' } } route { cluster: 'c' }      | multiply",
    "match.headers[1].range_match            | match { prefix: '/' headers { name: 'a' } headers { name: 'b' range_match { end: 1 } } } route { cluster: 'c' } | not carried out",
    "match.headers[0].string_match           | match { prefix: '/' headers { name: 'a' string_match {} } } route { cluster: 'c' } | nothing to match",
    "match.headers[0].string_match.custom    | match { prefix: '/' headers { name: 'a' string_match { custom {} } } } route { cluster: 'c' } | not carried out",
    "match.dynamic_metadata[0]               | match { prefix: '/' dynamic_metadata {} } route { cluster: 'c' }              | not carried out",
    "route.cluster                           | match { prefix: '/' } route { cluster: '' }                                   | is required",
    "route.cluster_header                    | match { prefix: '/' } route { cluster_header: 'x' }                           | not carried out",
    "route.weighted_clusters.clusters        | match { prefix: '/' } route { weighted_clusters { clusters { name: 'a' } } }  | sum of the weights is 0",
    "route.weighted_clusters.total_weight    | match { prefix: '/' } route { weighted_clusters { total_weight { value: 7 } clusters { name: 'a' weight { value: 1 } } } } | sum",
    "route.weighted_clusters.clusters[0].cluster_header | match { prefix: '/' } route { weighted_clusters { clusters { cluster_header: 'a' weight { value: 1 } } } } | not carried out",
    "route.hash_policy[0]                    | match { prefix: '/' } route { cluster: 'c' hash_policy {} }                   | not carried out",
    "route.request_mirror_policies[0]        | match { prefix: '/' } route { cluster: 'c' request_mirror_policies {} }       | not carried out",
    "route.upgrade_configs[0]                | match { prefix: '/' } route { cluster: 'c' upgrade_configs {} }               | not carried out",
    "route.priority                          | match { prefix: '/' } route { cluster: 'c' priority: HIGH }                   | not carried out",
    "route.timeout                           | match { prefix: '/' } route { cluster: 'c' timeout { seconds: -1 } }          | no time to wait",
    "route.cluster_not_found_response_code   | match { prefix: '/' } route { cluster: 'c' cluster_not_found_response_code: NOT_FOUND } | only SERVICE_UNAVAILABLE",
    "route.auto_host_rewrite                 | match { prefix: '/' } route { cluster: 'c' auto_host_rewrite { value: true } }  | not carried out",
    "route.prefix_rewrite                    | match { prefix: '/' } route { cluster: 'c' prefix_rewrite: '/a?b' }           | more in it than a path",
    "route.host_rewrite_literal              | match { prefix: '/' } route { cluster: 'c' host_rewrite_literal: 'a\\r\\nb' } | control character",
    "route.regex_rewrite.substitution        | match { prefix: '/' } route { cluster: 'c' regex_rewrite { pattern { regex: 'a' } substitution: '\\\\1' } } | does not have",
    "route.retry_policy.retry_on             | match { prefix: '/' } route { cluster: 'c' retry_policy { retry_on: '5xx,often' } } | often",
    "route.retry_policy.retry_back_off       | match { prefix: '/' } route { cluster: 'c' retry_policy { retry_back_off {} } } | not carried out",
    "route.retry_policy.retry_host_predicate[0].typed_config | match { prefix: '/' } route { cluster: 'c' retry_policy { retry_on: '5xx' retry_host_predicate { name: 'x' } } } | previous_hosts",
    "redirect.path_redirect                  | match { prefix: '/' } redirect { path_redirect: '/a#b' }                      | more in it than a path",
    "redirect.host_redirect                  | match { prefix: '/' } redirect { host_redirect: 'a\\nb' }                     | control character",
    "direct_response.status                  | match { prefix: '/' } direct_response { status: 99 }                          | not between",
    "direct_response.body.filename           | match { prefix: '/' } direct_response { status: 200 body { filename: '/etc/passwd' } } | not carried out",
    "filter_action                           | match { prefix: '/' } filter_action {}                                        | not carried out",
    "typed_per_filter_config[envoy.filters.http.cors] | match { prefix: '/' } route { cluster: 'c' } typed_per_filter_config { key: 'envoy.filters.http.cors' value { [type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors] {} } } | filters.http.cors.v3.Cors",
    "typed_per_filter_config[envoy.filters.http.fault] | match { prefix: '/' } route { cluster: 'c' } typed_per_filter_config { key: 'envoy.filters.http.fault' value { [type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors] {} } } | only type.googleapis.com/envoy.extensions.filters.http.fault",
    "typed_per_filter_config[envoy.filters.http.fault].abort.grpc_status | match { prefix: '/' } route { cluster: 'c' } typed_per_filter_config { key: 'envoy.filters.http.fault' value { [type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault] { abort { grpc_status: 3 } } } } | not carried out",
    "typed_per_filter_config[envoy.filters.http.fault].headers[0] | match { prefix: '/' } route { cluster: 'c' } typed_per_filter_config { key: 'envoy.filters.http.fault' value { [type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault] { headers {} } } } | not carried out",
    "request_headers_to_add[0].header.key    | match { prefix: '/' } route { cluster: 'c' } request_headers_to_add { header { key: ':path' value: 'x' } } | no header name",
    "request_headers_to_add[0].header.key    | match { prefix: '/' } route { cluster: 'c' } request_headers_to_add { header { key: 'Content-Length' value: '1' } } | where they say",
    "request_headers_to_add[0].header.value  | match { prefix: '/' } route { cluster: 'c' } request_headers_to_add { header { key: 'a' value: 'x\\r\\ny: z' } } | control character",
    "request_headers_to_add[0].header.value  | match { prefix: '/' } route { cluster: 'c' } request_headers_to_add { header { key: 'a' value: '%REQ(b)%' } } | asks for a value",
    "request_headers_to_remove[0]            | match { prefix: '/' } route { cluster: 'c' } request_headers_to_remove: 'host' | where they say",
  })
  void whatChangesARequestsFateAndIsNotCarriedOutIsRefusedByItsPath(String path, String route, String reason) {
    refused("virtual_hosts[0].routes[0]." + path.strip(), host(route), reason);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "virtual_hosts[0].domains             | virtual_hosts { name: 'a' }                                              | at least one",
    "virtual_hosts                        | virtual_hosts { name: 'a' domains: 'x' } virtual_hosts { name: 'b' domains: 'X' } | in two virtual hosts",
    "virtual_hosts[0].require_tls         | virtual_hosts { name: 'a' domains: 'x' require_tls: ALL }                | not carried out",
    "virtual_hosts[0].rate_limits[0]      | virtual_hosts { name: 'a' domains: 'x' rate_limits {} }                  | not carried out",
    "virtual_hosts[1].matcher             | virtual_hosts { name: 'a' domains: 'x' } virtual_hosts { name: 'b' domains: 'y' matcher {} } | not carried out",
    "vhds                                 | vhds {}                                                                  | not carried out",
    "validate_clusters                    | validate_clusters { value: true }                                        | not carried out",
    "internal_only_headers[0]             | internal_only_headers: 'x'                                               | not carried out",
    "most_specific_header_mutations_wins  | most_specific_header_mutations_wins: true                                | not carried out",
  })
  void soIsTheRestOfATable(String path, String table, String reason) {
    refused(path, table, reason);
  }

  @Test
  void aFieldNewerThanThisBuildIsRefusedToo() {
    var bytes = Protos.table("name: 't'").toByteString().concat(com.google.protobuf.ByteString.fromHex("fa3f0178"));

    assertThat(RouteCompiler.compile(bytes))
        .isInstanceOfSatisfying(
            Compilation.Rejected.class, no -> assertThat(no.path()).startsWith("field 1023"));
  }

  @Test
  void bytesThatAreNoMessageAreRefused() {
    assertThat(RouteCompiler.compile(com.google.protobuf.ByteString.fromHex("0aff")))
        .isInstanceOfSatisfying(
            Compilation.Rejected.class, no -> assertThat(no.reason()).startsWith("cannot be parsed"));
  }

  private static String host(String route) {
    return "virtual_hosts { name: 'h' domains: '*' routes { " + route + " } }";
  }

  private static Route route(String route) {
    return compiled(host(route)).hosts().getFirst().routes().getFirst();
  }

  private static RouteTable compiled(String table) {
    Compilation<RouteTable> result = RouteCompiler.compile(Protos.table(table).toByteString());
    assertThat(result).isInstanceOf(Compilation.Compiled.class);
    return ((Compilation.Compiled<RouteTable>) result).value();
  }

  private static void refused(String path, String table, String reason) {
    assertThat(RouteCompiler.compile(Protos.table(table).toByteString()))
        .isInstanceOfSatisfying(
            Compilation.Rejected.class,
            no -> {
              assertThat(no.path()).isEqualTo(path);
              assertThat(no.reason()).contains(reason);
            });
  }
}
