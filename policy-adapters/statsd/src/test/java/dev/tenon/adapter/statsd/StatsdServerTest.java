package dev.tenon.adapter.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Template;
import dev.tenon.testkit.contract.GivenRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' statsd_exporter takes what is sent, with tags and without, and shows it. */
@Tag("system")
class StatsdServerTest {
  @TempDir Path folder;
  private final int port = free();
  private final int page = free();
  private Process server;

  private static Path exporter() {
    Path peers =
        Optional.ofNullable(System.getenv("TENON_PEERS"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "tenon-peers"));
    Path binary = peers.resolve("statsd-exporter-0.31.0/statsd_exporter");
    boolean there = Files.isExecutable(binary);
    if (!there && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("no statsd_exporter at " + binary + ": run .ci/peers/install statsd");
    }
    assumeTrue(there, "no statsd_exporter at " + binary + ": run .ci/peers/install statsd");
    return binary;
  }

  private static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() throws IOException {
    server =
        new ProcessBuilder(
                exporter().toString(), "--statsd.listen-udp=127.0.0.1:" + port, "--statsd.listen-tcp=", "--web.listen-address=127.0.0.1:" + page)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("statsd.log").toFile())
            .start();
    await().atMost(Duration.ofSeconds(100)).ignoreExceptions().until(() -> shown().contains("statsd_exporter_build_info"));
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (server != null) {
      server.destroyForcibly().waitFor();
    }
  }

  private String shown() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page + "/metrics")).timeout(Duration.ofSeconds(30)).GET().build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  private ReportAdapter adapter(AdapterFactory factory, String params) {
    Fields fields = Fields.of((Node.Mapping) new YamlText().parse("h.yaml", "address: 127.0.0.1:" + port + "\n" + params).getFirst());
    ReportAdapter adapter = (ReportAdapter) factory.build(fields);
    assertThat(fields.close()).isEmpty();
    return adapter;
  }

  private static Instance metric(String name, Object value) {
    return new Instance(
        name + ".instance.default",
        Template.METRIC,
        Map.of("value", value, "dimensions", Map.of("code", 200L, "path", "/a:b|c\n")),
        GivenRequest.of(Map.of()));
  }

  @Test
  void whatIsSentIsTaken() throws Exception {
    String params =
        """
        prefix: mesh
        metrics:
          it.instance.default: {type: COUNTER, nameTemplate: 'requests.{{.code}}'}
          took.instance.default: {type: DISTRIBUTION, nameTemplate: took}
          level.instance.default: {type: GAUGE, nameTemplate: level}
        """;
    try (ReportAdapter adapter = adapter(new Statsd(), params)) {
      adapter.report(List.of(metric("it", 2L), metric("it", 3L), metric("took", Duration.ofMillis(250)), metric("level", 1.5)));
      await().atMost(Duration.ofSeconds(60)).untilAsserted(() ->
          assertThat(shown()).contains("mesh_requests_200 5\n", "mesh_took_count 1\n", "mesh_took_sum 0.25\n", "mesh_level 1.5\n"));
      assertThat(shown()).doesNotContain("statsd_exporter_sample_errors_total{");
    }
  }

  @Test
  void tagsAreLabels() throws Exception {
    String params =
        """
        globalTags: {mesh: home}
        metrics:
          it.instance.default: {name: requests, type: COUNTER, tags: {of: mesh}}
        """;
    try (ReportAdapter adapter = adapter(new DogStatsd(), params)) {
      adapter.report(List.of(metric("it", 2L)));
      await().atMost(Duration.ofSeconds(60)).untilAsserted(() ->
          assertThat(shown()).contains("istio_requests{code=\"200\",mesh=\"home\",of=\"mesh\",path=\"/a_b_c_\"} 2\n"));
      assertThat(shown()).doesNotContain("statsd_exporter_tag_errors_total 1");
    }
  }
}
