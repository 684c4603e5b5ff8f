package dev.tenon.adapter.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Template;
import dev.tenon.testkit.contract.GivenRequest;
import dev.tenon.testkit.contract.ReportAdapterContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrometheusContractTest extends ReportAdapterContract {
  private final int port = free();

  static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected String plugin() {
    return "prometheus";
  }

  @Override
  protected AdapterFactory factory() {
    return new Prometheus();
  }

  @Override
  protected String params() {
    return params(port);
  }

  static String params(int port) {
    return """
        listen: 127.0.0.1:%d
        metricsExpirationPolicy: {metricsExpiryDuration: 10m}
        metrics:
        - {name: a/request-count.total, instance_name: it.instance.default, kind: COUNTER, label_names: [path]}
        - {name: seconds, instance_name: took.instance.default, kind: DISTRIBUTION, label_names: [], buckets: {linear_buckets: {num_finite_buckets: 2, width: 0.5, offset: 0.5}}}
        - {namespace: mesh, name: level, instance_name: level.instance.default, kind: GAUGE}
        """
        .formatted(port);
  }

  @Override
  protected Template template() {
    return Template.METRIC;
  }

  @Override
  protected Map<String, Object> values() {
    return Map.of("value", 2L, "dimensions", Map.of("path", "/a\"b\\c\n"));
  }

  static Instance metric(String instance, Object value, Map<String, Object> dimensions) {
    return new Instance(
        instance + ".instance.default", Template.METRIC, Map.of("value", value, "dimensions", dimensions), GivenRequest.of(Map.of()));
  }

  static Fields parsed(String yaml) {
    return fields(yaml);
  }

  static String scrape(int port) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String scraped() {
    await().atMost(Duration.ofSeconds(40)).until(() -> !scrape(port).isEmpty());
    return scrape(port);
  }

  @Test
  void whatIsReportedIsScraped() throws Exception {
    try (ReportAdapter adapter = adapter(factory())) {
      adapter.report(batch(3));
      adapter.report(
          List.of(
              metric("took", Duration.ofMillis(700), Map.of()), metric("took", Duration.ofSeconds(9), Map.of()),
              metric("level", 4.5, Map.of()), metric("level", 3.5, Map.of())));
      assertThat(scraped())
          .contains("# TYPE istio_requestcount_total counter\nistio_requestcount_total{path=\"/a\\\"b\\\\c\\n\"} 6\n")
          .contains("istio_seconds_bucket{le=\"0.5\"} 0\nistio_seconds_bucket{le=\"1\"} 1\nistio_seconds_bucket{le=\"1.5\"} 1\nistio_seconds_bucket{le=\"+Inf\"} 2\n")
          .contains("istio_seconds_sum 9.7\nistio_seconds_count 2\n")
          .contains("# TYPE mesh_level gauge\nmesh_level 3.5\n");
    }
  }

  @Test
  void anInstanceWithOtherDimensionsOrNoNumberIsCountedAsDropped() throws Exception {
    try (ReportAdapter adapter = adapter(factory())) {
      adapter.report(List.of(metric("it", 1L, Map.of("other", "x")), metric("it", "text", Map.of("path", "x")), metric("none", 1L, Map.of())));
      assertThat(adapter.figures().toString()).contains("{reason=instance}, value=Amount[value=3.0]");
      assertThat(scraped()).doesNotContain("requestcount_total{");
    }
  }

  @Test
  void seriesAreBounded() throws Exception {
    try (ReportAdapter adapter = adapter(factory())) {
      for (int i = 0; i < Book.MOST_SERIES + 7; i++) {
        adapter.report(List.of(metric("it", 1L, Map.of("path", "/" + i))));
      }
      assertThat(adapter.figures().toString()).contains("{reason=series}, value=Amount[value=7.0]");
    }
  }

  @Test
  void whatWasCountedGoesOnWithTheSuccessorAndWithOtherParameters() throws Exception {
    Prometheus old = new Prometheus();
    Prometheus next = new Prometheus();
    ReportAdapter before = adapter(old);
    before.report(batch(1));
    before.report(List.of(metric("took", Duration.ofMillis(700), Map.of())));
    try (ReportAdapter after = adapter(next)) {
      next.take(old.form(), old.give());
      before.report(batch(1));
      next.take(old.form(), old.give());
      after.report(batch(1));
      next.take(old.form(), old.give());
      before.close();
      await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(scrape(port)).contains("istio_requestcount_total{path=\"/a\\\"b\\\\c\\n\"} 6\n"));
      assertThat(scrape(port)).contains("istio_seconds_count 1");
      try (ReportAdapter again = (ReportAdapter) next.build("it.default", fields(params() + "\n"))) {
        again.report(batch(1));
        assertThat(scrape(port)).contains("} 8\n");
      }
    }
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() {
    Fields params =
        fields("metrics:\n- {name: a b-c, instance_name: x, kind: SUM, label_names: [le]}\n- {name: d, instance_name: x, kind: GAUGE}\nlisten: nowhere");
    new Prometheus().build("", params).close();
    assertThat(params.close().toString())
        .contains("metrics[0].kind: \"SUM\" is none of COUNTER, DISTRIBUTION, GAUGE")
        .contains("config.yaml:2:").contains("\"le\" is no name of a label")
        .contains("two metrics take the values of x")
        .contains("\"nowhere\" is no address");
  }
}
