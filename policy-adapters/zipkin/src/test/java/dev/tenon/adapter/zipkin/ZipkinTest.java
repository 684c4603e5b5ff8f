package dev.tenon.adapter.zipkin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Template;
import dev.tenon.testkit.contract.GivenRequest;
import dev.tenon.testkit.contract.ReportAdapterContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ZipkinTest extends ReportAdapterContract {
  private final Queue<String> posted = new ConcurrentLinkedQueue<>();
  private volatile int answer = 202;
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 8);
    server.createContext(
        "/api/v2/spans",
        exchange -> {
          posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Override
  protected String plugin() {
    return "zipkin";
  }

  @Override
  protected AdapterFactory factory() {
    return new Zipkin();
  }

  @Override
  protected String params() {
    return params("1");
  }

  private String params(String part) {
    return "url: http://127.0.0.1:" + server.getAddress().getPort() + "/api/v2/spans\nsampleProbability: " + part;
  }

  @Override
  protected Template template() {
    return Template.TRACESPAN;
  }

  @Override
  protected Map<String, Object> values() {
    Map<String, Object> values = new HashMap<>();
    values.put("traceId", "463ac35c9f6413ad48485a3953bb6124");
    values.put("spanId", "a2fb4a1d1a96d312");
    values.put("parentSpanId", "0020000000000001");
    values.put("spanName", "/re\"views");
    values.put("startTime", Instant.ofEpochSecond(1_700_000_000, 1000));
    values.put("endTime", Instant.ofEpochSecond(1_700_000_000, 5_001_000));
    values.put("httpStatusCode", 503L);
    values.put("sourceName", "productpage");
    values.put("destinationName", "reviews");
    values.put("sourceIp", InetAddress.ofLiteral("10.0.0.1"));
    values.put("spanTags", Map.of("http.method", "GET"));
    return values;
  }

  @Test
  void aReportIsASpan() throws Exception {
    try (ReportAdapter adapter = adapter(factory())) {
      adapter.report(batch(1));
    }
    assertThat(posted)
        .containsExactly(
            "[{\"traceId\":\"463ac35c9f6413ad48485a3953bb6124\",\"id\":\"a2fb4a1d1a96d312\",\"parentId\":\"0020000000000001\","
                + "\"kind\":\"SERVER\",\"name\":\"/re\\\"views\",\"timestamp\":1700000000000001,\"duration\":5000,"
                + "\"remoteEndpoint\":{\"serviceName\":\"productpage\",\"ipv4\":\"10.0.0.1\"},"
                + "\"localEndpoint\":{\"serviceName\":\"reviews\"},\"shared\":true,"
                + "\"tags\":{\"error\":\"503\",\"http.method\":\"GET\",\"http.status_code\":\"503\"}}]");
  }

  @Test
  void whatHasNoTraceIsLeftOutAndCounted() throws Exception {
    try (ReportAdapter adapter = adapter(factory())) {
      adapter.report(List.of(new Instance("s.instance.default", template(), Map.of("traceId", "x"), GivenRequest.of(Map.of()))));
      assertThat(adapter.figures().toString()).contains("{what=left_out}, value=Amount[value=1.0]");
    }
    assertThat(posted).isEmpty();
  }

  @Test
  void aPartOfAllTracesIsSent() throws Exception {
    try (ReportAdapter adapter = (ReportAdapter) factory().build(fields(params("0.25")))) {
      for (int i = 0; i < 400; i++) {
        Map<String, Object> values = new HashMap<>(values());
        values.put("traceId", String.format("%016x", i * 0x9E3779B97F4A7C15L));
        adapter.report(List.of(new Instance("s.instance.default", template(), values, GivenRequest.of(Map.of()))));
      }
    }
    assertThat(posted).hasSizeBetween(60, 140);
  }

  @Test
  void aRefusalIsAFailure() throws Exception {
    answer = 500;
    try (ReportAdapter adapter = adapter(factory())) {
      assertThatThrownBy(() -> adapter.report(batch(1))).hasMessageContaining("Zipkin answers 500");
    }
  }

  @Test
  void saysThatNothingIsSentUnlessTold() {
    Fields params = fields("url: nowhere");
    factory().build(params).close();
    assertThat(params.close().toString()).contains("url: \"nowhere\" is no address to post to").contains("no span is sent");
  }
}
