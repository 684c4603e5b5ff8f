package dev.tenon.agent.read;

import static dev.tenon.agent.read.Sections.section;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.spi.workload.ReadinessProbe;
import dev.tenon.spi.workload.ReadinessProbe.Exec;
import dev.tenon.spi.workload.ReadinessProbe.Grpc;
import dev.tenon.spi.workload.ReadinessProbe.Header;
import dev.tenon.spi.workload.ReadinessProbe.HttpGet;
import dev.tenon.spi.workload.ReadinessProbe.TcpSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AgentSettingsTest {
  private static final Map<String, String> MESH = Map.of("controlPlane", "127.0.0.1:15010", "domain", "cluster.local");

  private static Map<String, Object> reviews() {
    Map<String, Object> workload = new LinkedHashMap<>();
    workload.put("name", "reviews-v1");
    workload.put("address", "127.0.0.13");
    workload.put("labels", Map.of("app", "reviews"));
    workload.put("ports", List.of(Map.of("service", "reviews", "port", 9080)));
    return workload;
  }

  private static AgentSettings read(Map<String, ?> agent, Map<String, ?> mesh, Map<String, ?> workload) {
    return AgentSettings.read(section("agent", agent), section("mesh", mesh), section("workload", workload));
  }

  private static AgentSettings with(String field, Object value) {
    Map<String, Object> workload = reviews();
    workload.put(field, value);
    return read(Map.of(), MESH, workload);
  }

  @Test
  void fillsInWhatIsUsual() {
    AgentSettings settings = read(Map.of(), MESH, reviews());
    assertThat(settings.timeToLive()).isEqualTo(Duration.ofSeconds(10));
    AgentSettings.Joining joining = settings.joins().orElseThrow();
    assertThat(joining.controlPlane()).isEqualTo(new ControlPlane("127.0.0.1", 15010));
    WorkloadPort port = new WorkloadPort(new ServiceName("reviews", "default"), 9080, Protocol.HTTP, 9080, "");
    assertThat(joining.entrant())
        .isEqualTo(
            new Entrant(
                new Workload("reviews-v1", "default", "", "127.0.0.13", Map.of("app", "reviews"), Locality.NONE, "", List.of(port)),
                List.of(0),
                Optional.empty()));
  }

  @Test
  void readsEverythingThatCanBeSaid() {
    Map<String, Object> workload = reviews();
    workload.put("namespace", "shop");
    workload.put("network", "lab");
    workload.put("serviceAccount", "bookinfo-reviews");
    workload.put("locality", Map.of("region", "r", "zone", "z", "subZone", "s"));
    workload.put(
        "ports",
        List.of(
            Map.of("service", "reviews", "serviceNamespace", "other", "port", 80, "protocol", "http", "listen", 9080, "application", "127.0.0.13:8080", "weight", 7)));
    AgentSettings settings = read(Map.of("timeToLive", "4s", "settle", "0s"), Map.of("controlPlane", "[::1]:15010"), workload);
    Entrant entrant = settings.joins().orElseThrow().entrant();
    assertThat(settings.timeToLive()).isEqualTo(Duration.ofSeconds(4));
    assertThat(settings.settle()).isZero();
    assertThat(settings.joins().orElseThrow().controlPlane()).hasToString("[::1]:15010");
    assertThat(entrant.weights()).containsExactly(7);
    assertThat(entrant.workload().ports())
        .containsExactly(new WorkloadPort(new ServiceName("reviews", "other"), 80, Protocol.HTTP, 9080, "127.0.0.13:8080"));
    assertThat(entrant.workload().locality()).isEqualTo(new Locality("r", "z", "s"));
  }

  @Test
  void aGatewayHasNoPortsAndAProcessNeedNotRegister() {
    assertThat(with("ports", List.of()).joins().orElseThrow().entrant().workload().ports()).isEmpty();
    assertThat(read(Map.of("register", false), Map.of(), Map.of()).joins()).isEmpty();
  }

  private static ReadinessProbe probe(Map<String, ?> said) {
    return with("probe", said).joins().orElseThrow().entrant().probe().orElseThrow();
  }

  @Test
  void aProbeHasIstiosFieldsAndIstiosDefaults() {
    ReadinessProbe usual = probe(Map.of("httpGet", Map.of("port", 9080)));
    assertThat(usual)
        .isEqualTo(
            new ReadinessProbe(
                new HttpGet("127.0.0.13", 9080, "/", false, List.of()), Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(1), 1, 3));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("httpGet", Map.of("host", "10.0.0.1", "port", 8080, "path", "/health", "scheme", "HTTPS", "httpHeaders", List.of(Map.of("name", "x-who", "value", "probe"))));
    all.put("initialDelaySeconds", 5);
    all.put("periodSeconds", 2);
    all.put("timeoutSeconds", 3);
    all.put("successThreshold", 4);
    all.put("failureThreshold", 6);
    assertThat(probe(all))
        .isEqualTo(
            new ReadinessProbe(
                new HttpGet("10.0.0.1", 8080, "/health", true, List.of(new Header("x-who", "probe"))),
                Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(3), 4, 6));
    assertThat(probe(Map.of("tcpSocket", Map.of("port", 5432))).check()).isEqualTo(new TcpSocket("127.0.0.1", 5432));
    assertThat(probe(Map.of("grpc", Map.of("port", 5432, "service", "shop.v1"))).check()).isEqualTo(new Grpc("127.0.0.1", 5432, "shop.v1"));
    assertThat(probe(Map.of("exec", Map.of("command", List.of("test", "-e", "/ready")))).check()).isEqualTo(new Exec(List.of("test", "-e", "/ready")));
  }

  @Test
  void aProbeAsksTheApplicationWhereItListens() {
    Map<String, Object> workload = reviews();
    workload.put("ports", List.of(Map.of("service", "reviews", "port", 9080, "application", "[::1]:8080")));
    workload.put("probe", Map.of("tcpSocket", Map.of("port", 8080)));
    assertThat(read(Map.of(), MESH, workload).joins().orElseThrow().entrant().probe().orElseThrow().check()).isEqualTo(new TcpSocket("::1", 8080));
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong("probe", Map.of(), "workload.probe.httpGet: is missing: say how to ask"),
        wrong("probe", Map.of("exec", Map.of("command", List.of("a")), "grpc", Map.of("port", 1)), "only one of grpc, exec may be given"),
        wrong("probe", Map.of("tcpSocket", Map.of("port", 0)), "workload.probe.tcpSocket.port: 0 is not between"),
        wrong("probe", Map.of("tcpSocket", Map.of("port", 1, "host", "db")), "workload.probe.tcpSocket.host: \"db\" is no IP address"),
        wrong("probe", Map.of("httpGet", Map.of("port", 1, "path", "health")), "workload.probe.httpGet.path: should begin with /"),
        wrong("probe", Map.of("httpGet", Map.of("port", 1, "scheme", "FTP")), "workload.probe.httpGet.scheme: \"FTP\" is none of HTTP, HTTPS"),
        wrong("probe", Map.of("httpGet", Map.of("port", 1, "httpHeaders", List.of(Map.of("name", "a b")))), "httpHeaders[0].name: is no name"),
        wrong("probe", Map.of("exec", Map.of()), "workload.probe.exec.command: is required"),
        wrong("probe", Map.of("tcpSocket", Map.of("port", 1), "periodSeconds", 0), "workload.probe.periodSeconds: 0 is not between 1 and 3600"),
        wrong("probe", Map.of("tcpSocket", Map.of("port", 1), "period", 1), "workload.probe.period: unknown field"),
        wrong("name", "Reviews", "sidecar.yaml:1:1: error: workload.name: \"Reviews\" is not a DNS label"),
        wrong("name", "", "workload.name: must not be empty"),
        wrong("namespace", "a.b", "workload.namespace: \"a.b\" is not a DNS label"),
        wrong("address", "localhost", "sidecar.yaml:2:1: error: workload.address: \"localhost\" is no IP address"),
        wrong("serviceAccount", "a/b", "workload.serviceAccount: \"a/b\" is not a DNS label"),
        wrong("labels", Map.of("a b", "c"), "workload.labels: \"a b\" is no label key"),
        wrong("labels", Map.of("version", "v 1"), "workload.labels: \"v 1\" of version is no label value"),
        wrong("adress", "127.0.0.1", "workload.adress: unknown field"),
        wrongPort(Map.of("port", 9080), "workload.ports[0].service: is required"),
        wrongPort(Map.of("service", "reviews"), "workload.ports[0].port: is required"),
        wrongPort(Map.of("service", "reviews", "port", 70_000), "workload.ports[0].port: 70000 is not between"),
        wrongPort(Map.of("service", "reviews", "port", 1, "protocol", "TCP"), "workload.ports[0].protocol: TCP is not carried by this build"),
        wrongPort(Map.of("service", "reviews", "port", 1, "protocol", "X"), "workload.ports[0].protocol: \"X\" is no protocol; write HTTP"),
        wrongPort(Map.of("service", "reviews", "port", 1, "application", "8080"), "workload.ports[0].application: \"8080\" is no address:port"),
        wrongPort(Map.of("service", "reviews", "port", 9080, "application", "127.0.0.13:9080"), "workload.ports[0].application: is where the proxy itself listens"),
        wrongPort(Map.of("service", "reviews", "port", 1, "colour", "red"), "workload.ports[0].colour: unknown field"),
        wrong("ports", List.of(Map.of("service", "a", "port", 1), Map.of("service", "b", "port", 1)), "workload.ports[1].listen: 1 is already taken by workload.ports[0]"),
        wrong("ports", List.of(Map.of("service", "a", "port", 1), Map.of("service", "a", "port", 1, "listen", 2)), "workload.ports[1].port: port 1 of a.default is already taken"));
  }

  private static Arguments wrong(String field, Object value, String message) {
    return Arguments.of(field, value, message);
  }

  private static Arguments wrongPort(Map<String, Object> port, String message) {
    return Arguments.of("ports", List.of(port), message);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refusesWithThePlaceAndWhatToDo(String field, Object value, String message) {
    assertThatThrownBy(() -> with(field, value)).isInstanceOf(BadConfig.class).hasMessageContaining(message);
  }

  @Test
  void saysAllThatIsWrongInAllSections() {
    assertThatThrownBy(() -> read(Map.of("timeToLive", "1s", "ttl", "1s"), Map.of("controlPlane", "nowhere"), Map.of("name", "-")))
        .hasMessageContaining("agent.timeToLive: should be between 2s and 3600s")
        .hasMessageContaining("agent.ttl: unknown field")
        .hasMessageContaining("mesh.controlPlane: \"nowhere\" is no address:port")
        .hasMessageContaining("workload.name: \"-\" is not")
        .hasMessageContaining("workload.address: is required");
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> read(Map.of(), MESH, Map.of())).hasMessageContaining("agent.register: needs a section \"workload\"");
    assertThatThrownBy(() -> read(Map.of(), Map.of(), reviews())).hasMessageContaining("mesh.controlPlane: is required");
  }
}
