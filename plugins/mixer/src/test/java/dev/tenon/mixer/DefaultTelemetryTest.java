package dev.tenon.mixer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.adapter.prometheus.Prometheus;
import dev.tenon.adapter.stdio.Stdio;
import dev.tenon.adapter.workloadenv.KubernetesEnv;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine;
import dev.tenon.spi.policy.PolicyEngine.Connection;
import dev.tenon.spi.policy.PolicyEngine.Moved;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The telemetry that Istio 1.4 installed by default, as it was written, but for the address that is scraped. */
class DefaultTelemetryTest {
  private static final InetAddress WEB = InetAddress.ofLiteral("10.0.0.7");
  private static final Pattern OURS = Pattern.compile("(?m)^kind: (handler|instance|rule)$");

  private final SmallKernel kernel = SmallKernel.start();

  @AfterEach
  void close() {
    kernel.close();
  }

  /** A request from web, of which the mesh knows who it is by its address alone. */
  private record Finished(Map<String, Object> values) implements Attributes {
    @Override
    public @Nullable Object get(String attribute) {
      return values.get(attribute);
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      return values.get(attribute) instanceof Map<?, ?> map ? (String) map.get(key) : null;
    }

    @Override
    public @Nullable Workload workload(InetAddress address) {
      return address.equals(WEB)
          ? new Workload("web-1", "shop", "", "10.0.0.7", Map.of("app", "web"), Locality.NONE, "web", List.of())
          : null;
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }

  @Test
  void requestsAreCountedAndLoggedWithWhoCalledWhom() throws IOException {
    int port = free();
    String defaults = defaults().replace("metricsExpirationPolicy:", "listen: 127.0.0.1:" + port + "\n    metricsExpirationPolicy:");
    kernel.install(new Prometheus(), new Stdio(), new KubernetesEnv());
    Policy policy = kernel.engine().compile(Yaml.policy(defaults));
    policy.report(
        policy.generate(
                new Finished(
                    Map.ofEntries(
                        Map.entry("context.protocol", "http"), Map.entry("context.reporter.kind", "inbound"),
                        Map.entry("source.ip", WEB), Map.entry("request.time", Instant.EPOCH), Map.entry("request.path", "/reviews"),
                        Map.entry("response.time", Instant.EPOCH), Map.entry("response.code", 503L),
                        Map.entry("response.duration", Duration.ofMillis(30)), Map.entry("response.size", 10L),
                        Map.entry("request.size", 0L), Map.entry("connection.mtls", false),
                        Map.entry("destination.service.host", "reviews.shop.svc.cluster.local"))))
            .snapshot());
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(scrape(port)).contains("istio_requests_total{"));
    assertThat(scrape(port))
        .containsPattern("istio_requests_total\\{reporter=\"destination\",source_app=\"web\",[^}]*source_workload=\"web-1\",[^}]*response_code=\"503\",[^}]*} 1\n")
        .containsPattern("istio_request_duration_seconds_sum\\{[^}]*} 0.03\n")
        .doesNotContain("istio_tcp_sent_bytes_total{");
    await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(kernel.figure("tenon_policy_reports_total", "stdio")).isEqualTo(1));
    assertThat(kernel.figure("tenon_policy_reports_lost_total", "")).isZero();
  }

  @Test
  void aConnectionOfTcpIsCountedAndLoggedFromItsBeginningToItsEnd() throws IOException {
    int port = free();
    String defaults = defaults().replace("metricsExpirationPolicy:", "listen: 127.0.0.1:" + port + "\n    metricsExpirationPolicy:");
    kernel.install(new Prometheus(), new Stdio(), new KubernetesEnv());
    Policy policy = kernel.engine().compile(Yaml.policy(defaults));
    Connection connection =
        policy.connection(
            policy.generate(
                new Finished(
                    Map.of(
                        "context.protocol", "tcp", "context.reporter.kind", "inbound", "context.time", Instant.EPOCH,
                        "source.ip", WEB, "connection.id", "7", "destination.service.host", "db.shop.svc.cluster.local"))));
    assertThat(connection.open(later -> {})).isEqualTo(PolicyEngine.Outcome.ALLOWED);
    connection.goesOn(new Moved(100, 10, Duration.ofSeconds(10)));
    connection.closed(new Moved(150, 30, Duration.ofSeconds(12)));
    await().untilAsserted(() -> assertThat(scrape(port)).contains("istio_tcp_connections_closed_total{"));
    String of = "\\{[^}]*source_app=\"web\"[^}]*destination_service=\"db\\.shop[^}]*} ";
    assertThat(scrape(port))
        .containsPattern("istio_tcp_connections_opened_total" + of + "1\n")
        .containsPattern("istio_tcp_connections_closed_total" + of + "1\n")
        .containsPattern("istio_tcp_received_bytes_total" + of + "150\n")
        .containsPattern("istio_tcp_sent_bytes_total" + of + "30\n")
        .doesNotContain("istio_requests_total{");
    await().untilAsserted(() -> assertThat(kernel.figure("tenon_policy_reports_total", "stdio")).isEqualTo(3));
    assertThat(kernel.figure("tenon_policy_reports_lost_total", "")).isZero();
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static String scrape(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.net.ConnectException e) {
      return "";
    }
  }

  /** Handlers, instances and rules of the file; its other objects are Kubernetes' and Istio's. */
  private static String defaults() throws IOException {
    Path tree = Path.of("").toAbsolutePath();
    while (tree.getParent() != null && !Files.exists(tree.resolve("bundle.bnd"))) {
      tree = tree.getParent();
    }
    String file = "shared/data/istio-1.4/mixer-defaults.yaml";
    Path beside = tree.resolveSibling(file);
    Path path = Files.exists(beside) ? beside : tree.resolve("../..").resolve(file).normalize();
    assumeTrue(Files.isReadable(path), "there are no samples of Istio beside the checkout");
    return Arrays.stream(Files.readString(path).split("(?m)^---\\s*$"))
        .filter(each -> OURS.matcher(each).find())
        .collect(Collectors.joining("---\n"));
  }
}
