package dev.tenon.adapter.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.ReportAdapter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes what was counted, and promtool finds nothing wrong with the page. */
@Tag("system")
class PromtoolTest {
  private final int port = PrometheusContractTest.free();

  @TempDir Path folder;

  private static String installed(String name) {
    String binary = "/usr/bin/" + name;
    boolean there = Files.isExecutable(Path.of(binary));
    if (!there && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("no " + name + ": run .ci/peers/install prometheus");
    }
    assumeTrue(there, "no " + name + ": run .ci/peers/install prometheus");
    return binary;
  }

  private ReportAdapter counting() throws Exception {
    Fields params = PrometheusContractTest.parsed(PrometheusContractTest.params(port));
    ReportAdapter adapter = (ReportAdapter) new Prometheus().build("it.default", params);
    adapter.report(
        List.of(
            PrometheusContractTest.metric("it", 7L, Map.of("path", "/a\"b\\c\n")),
            PrometheusContractTest.metric("took", Duration.ofMillis(700), Map.of()),
            PrometheusContractTest.metric("level", 4.5, Map.of())));
    await().atMost(Duration.ofSeconds(40)).until(() -> !PrometheusContractTest.scrape(port).isEmpty());
    return adapter;
  }

  @Test
  void promtoolFindsNothingWrong() throws Exception {
    String promtool = installed("promtool");
    try (ReportAdapter adapter = counting()) {
      assertThat(adapter.figures()).isNotEmpty();
      Process check = new ProcessBuilder(promtool, "check", "metrics").redirectErrorStream(true).start();
      check.getOutputStream().write(PrometheusContractTest.scrape(port).getBytes(StandardCharsets.UTF_8));
      check.getOutputStream().close();
      String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(check.waitFor()).as(said).isZero();
    }
  }

  @Test
  void aRealPrometheusScrapesIt() throws Exception {
    String prometheus = installed("prometheus");
    int own = PrometheusContractTest.free();
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            "global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: policy\n  static_configs: [{targets: ['127.0.0.1:" + port + "']}]\n");
    Process server =
        new ProcessBuilder(
                prometheus, "--config.file=" + config, "--web.listen-address=127.0.0.1:" + own,
                "--storage.tsdb.path=" + folder.resolve("data"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    try (ReportAdapter adapter = counting();
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(adapter.figures()).isNotEmpty();
      HttpRequest query =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + own + "/api/v1/query?query=istio_requestcount_total")).build();
      await()
          .atMost(Duration.ofSeconds(100))
          .ignoreExceptions()
          .until(() -> client.send(query, HttpResponse.BodyHandlers.ofString()).body().contains("\"7\""));
    } finally {
      server.destroyForcibly().waitFor();
    }
  }
}
