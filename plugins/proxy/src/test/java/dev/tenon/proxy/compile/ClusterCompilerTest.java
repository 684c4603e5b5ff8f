package dev.tenon.proxy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of clusters and load assignments, and what is refused of them. */
class ClusterCompilerTest {
  private static final String EDS = "type: EDS eds_cluster_config { eds_config { ads {} resource_api_version: V3 } } ";

  private static final Locality R = new Locality("r", "", "");

  @Test
  void aClusterWithEverythingBecomesItsRecord() throws Exception {
    ClusterDraft draft =
        compiled(
            """
            name: "outbound|9080|v1|reviews.default.svc.cluster.local"
            type: EDS
            eds_cluster_config { eds_config { ads {} initial_fetch_timeout {} } service_name: "svc" }
            connect_timeout { seconds: 1 }
            lb_policy: LEAST_REQUEST
            least_request_lb_config { choice_count { value: 2 } }
            circuit_breakers { thresholds { max_connections { value: 7 } max_pending_requests { value: 8 }
              max_requests { value: 4294967295 } track_remaining: true } thresholds { priority: HIGH max_retries { value: 1 } } }
            upstream_bind_config { source_address { address: "127.0.0.13" port_value: 0 } }
            common_lb_config { healthy_panic_threshold { value: 0 } }
            metadata {} alt_stat_name: "x"
            """);

    assertThat(draft.assignment()).contains("svc");
    assertThat(draft.spec())
        .isEqualTo(
            new ClusterSpec(
                "outbound|9080|v1|reviews.default.svc.cluster.local",
                ClusterSpec.LoadBalancing.LEAST_REQUEST,
                Optional.empty(),
                Duration.ofSeconds(1),
                new ClusterSpec.Limits(7, 8, Integer.MAX_VALUE, 3),
                Optional.of(InetAddress.ofLiteral("127.0.0.13")),
                0,
                List.of()));
  }

  @Test
  void aClusterWithoutAServiceNameAsksForEndpointsByItsOwn() {
    assertThat(compiled("name: 'c' " + EDS).assignment()).contains("c");
  }

  @Test
  void aStaticClusterHasItsEndpointsWithIt() {
    ClusterDraft draft =
        compiled(
            """
            name: "inbound|9080||reviews" type: STATIC
            load_assignment { cluster_name: "inbound|9080||reviews" endpoints { lb_endpoints {
              endpoint { address { socket_address { address: "127.0.0.13" port_value: 8080 } } } } } }
            """);

    assertThat(draft.assignment()).isEmpty();
    assertThat(draft.spec())
        .isEqualTo(
            ClusterSpec.of(
                "inbound|9080||reviews",
                ClusterSpec.LoadBalancing.ROUND_ROBIN,
                List.of(new EndpointSpec(new InetSocketAddress("127.0.0.13", 8080)))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "type                                         | type: STRICT_DNS                                            | only STATIC and EDS",
    "type                                         | type: ORIGINAL_DST                                          | only STATIC and EDS",
    "cluster_type                                 | cluster_type {}                                             | not carried out",
    "eds_cluster_config.eds_config                | type: EDS                                                   | only ads",
    "eds_cluster_config.eds_config.path_config_source | type: EDS eds_cluster_config { eds_config { path_config_source {} } } | not carried out",
    "lb_policy                                    | lb_policy: RING_HASH                                        | RING_HASH is not",
    "load_balancing_policy.policies               | load_balancing_policy {}                                    | none of them",
    "transport_socket                             | transport_socket {}                                         | not carried out",
    "transport_socket_matches[0]                  | transport_socket_matches {}                                 | not carried out",
    "health_checks[0]                             | health_checks {}                                            | not carried out",
    "outlier_detection                            | outlier_detection {}                                        | not carried out",
    "http2_protocol_options                       | http2_protocol_options {}                                   | not carried out",
    "max_requests_per_connection                  | max_requests_per_connection { value: 1 }                    | not carried out",
    "lb_subset_config                             | lb_subset_config {}                                         | not carried out",
    "filters[0]                                   | filters {}                                                  | not carried out",
    "connect_timeout                              | connect_timeout {}                                          | more than nothing",
    "circuit_breakers.thresholds[0].retry_budget  | circuit_breakers { thresholds { retry_budget {} } }         | not carried out",
    "circuit_breakers.per_host_thresholds[0]      | circuit_breakers { per_host_thresholds {} }                 | not carried out",
    "upstream_bind_config.source_address.address  | upstream_bind_config { source_address { address: 'host.example' } } | no IP address",
    "upstream_bind_config.source_address.port_value | upstream_bind_config { source_address { address: '::1' port_value: 5 } } | fixed source port",
    "upstream_bind_config.freebind                | upstream_bind_config { freebind { value: true } }           | not carried out",
    "common_lb_config.locality_weighted_lb_config | common_lb_config { locality_weighted_lb_config {} }         | not carried out",
    "common_lb_config.healthy_panic_threshold     | common_lb_config { healthy_panic_threshold { value: 101 } } | not between",
    "least_request_lb_config.choice_count         | least_request_lb_config { choice_count { value: 5 } }       | only 2",
    "round_robin_lb_config.slow_start_config      | round_robin_lb_config { slow_start_config {} }              | not carried out",
  })
  void whatIsNotCarriedOutIsRefusedByItsPath(String path, String cluster, String reason) {
    assertThat(ClusterCompiler.compile(Protos.cluster("name: 'c' " + cluster).toByteString()))
        .isInstanceOfSatisfying(
            Compilation.Rejected.class,
            no -> {
              assertThat(no.path()).isEqualTo(path);
              assertThat(no.reason()).contains(reason);
            });
  }

  @Test
  void endpointsHaveWeightAndHealth() {
    Compilation<Assignment> result =
        EndpointsCompiler.compile(
            Protos.assignment(
                    """
                    cluster_name: "c"
                    policy { overprovisioning_factor { value: 140 } }
                    endpoints {
                      locality { region: "r" } load_balancing_weight { value: 3 }
                      lb_endpoints { endpoint { address { socket_address { address: "10.0.0.1" port_value: 1 } } }
                        load_balancing_weight { value: 5 } health_status: HEALTHY metadata { filter_metadata { key: "envoy.lb"
                          value { fields { key: "version" value { string_value: "v1" } } } } } }
                      lb_endpoints { endpoint { address { socket_address { address: "::1" port_value: 2 } } hostname: "h" }
                        health_status: TIMEOUT }
                    }
                    endpoints { lb_endpoints { endpoint { address { socket_address { address: "10.0.0.3" port_value: 3 } } }
                      health_status: DRAINING } }
                    """)
                .toByteString());

    assertThat(result)
        .isEqualTo(
            new Compilation.Compiled<>(
                new Assignment(
                    "c",
                    List.of(
                        new EndpointSpec(new InetSocketAddress("10.0.0.1", 1), 5, Health.HEALTHY, R, Map.of("version", "v1")),
                        new EndpointSpec(new InetSocketAddress("::1", 2), 1, Health.UNHEALTHY, R, Map.of()),
                        new EndpointSpec(new InetSocketAddress("10.0.0.3", 3), 1, Health.DRAINING)))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "named_endpoints                | named_endpoints { key: 'a' value {} }         | not carried out",
    "policy.drop_overloads[0]       | policy { drop_overloads {} }                  | not carried out",
    "endpoints[0].priority          | endpoints { priority: 1 }                     | only 0",
    "endpoints[0].lb_endpoints[0].endpoint_name | endpoints { lb_endpoints { endpoint_name: 'a' } } | not carried out",
    "endpoints[0].lb_endpoints[0].endpoint.address | endpoints { lb_endpoints { endpoint { address { pipe { path: '/x' } } } } } | only socket_address",
    "endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address | endpoints { lb_endpoints { endpoint { address { socket_address { address: 'name' port_value: 1 } } } } } | no IP address",
    "endpoints[0].lb_endpoints[0].endpoint.address.socket_address.protocol | endpoints { lb_endpoints { endpoint { address { socket_address { protocol: UDP address: '::1' port_value: 1 } } } } } | only TCP",
    "endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value | endpoints { lb_endpoints { endpoint { address { socket_address { address: '::1' port_value: 65536 } } } } } | between",
    "endpoints[0].lb_endpoints[0].load_balancing_weight | endpoints { lb_endpoints { load_balancing_weight {} endpoint { address { socket_address { address: '::1' port_value: 1 } } } } } | not between",
    "endpoints[0].lb_endpoints[0].health_status | endpoints { lb_endpoints { health_status: DEGRADED endpoint { address { socket_address { address: '::1' port_value: 1 } } } } } | DEGRADED",
  })
  void soIsItOfEndpoints(String path, String assignment, String reason) {
    assertThat(EndpointsCompiler.compile(Protos.assignment("cluster_name: 'c' " + assignment).toByteString()))
        .isInstanceOfSatisfying(
            Compilation.Rejected.class,
            no -> {
              assertThat(no.path()).isEqualTo(path);
              assertThat(no.reason()).contains(reason);
            });
  }

  private static ClusterDraft compiled(String cluster) {
    Compilation<ClusterDraft> result = ClusterCompiler.compile(Protos.cluster(cluster).toByteString());
    assertThat(result).isInstanceOf(Compilation.Compiled.class);
    return ((Compilation.Compiled<ClusterDraft>) result).value();
  }
}
