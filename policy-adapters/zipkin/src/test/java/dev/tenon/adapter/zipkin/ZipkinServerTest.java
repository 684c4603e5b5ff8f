package dev.tenon.adapter.zipkin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
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
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Zipkin takes the spans of both sides of a call, and answers for the trace. */
@Tag("system")
class ZipkinServerTest {
  private static final String TRACE = "463ac35c9f6413ad48485a3953bb6124";

  @TempDir Path folder;

  private static Path zipkin() {
    Path peers =
        Optional.ofNullable(System.getenv("TENON_PEERS"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "tenon-peers"));
    Path jar = peers.resolve("zipkin-3.6.1/zipkin.jar");
    boolean there = Files.isReadable(jar);
    if (!there && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("no Zipkin at " + jar + ": run .ci/peers/install zipkin");
    }
    assumeTrue(there, "no Zipkin at " + jar + ": run .ci/peers/install zipkin");
    return jar;
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static Instance span(boolean client, String id, String parent) {
    Map<String, Object> values = new HashMap<>();
    values.put("traceId", TRACE);
    values.put("spanId", id);
    values.put("parentSpanId", parent);
    values.put("spanName", "/re\"views");
    values.put("clientSpan", client);
    values.put("startTime", Instant.now());
    values.put("endTime", Instant.now().plusMillis(5));
    values.put("httpStatusCode", 503L);
    values.put("sourceName", "productpage");
    values.put("destinationName", "reviews");
    values.put("sourceIp", InetAddress.ofLiteral("10.0.0.1"));
    values.put("destinationIp", InetAddress.ofLiteral("2001:db8::1"));
    values.put("spanTags", Map.of("http.method", "GET"));
    return new Instance("span.instance.default", Template.TRACESPAN, values, GivenRequest.of(Map.of()));
  }

  @Test
  void bothSidesOfACallAreOneTrace() throws Exception {
    int port = free();
    ProcessBuilder builder =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-jar", zipkin().toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("zipkin.log").toFile());
    builder.environment().putAll(Map.of("QUERY_PORT", "" + port, "SELF_TRACING_ENABLED", "false", "STORAGE_TYPE", "mem"));
    Process server = builder.start();
    String url = "http://127.0.0.1:" + port;
    Fields params = Fields.of((Node.Mapping) new YamlText().parse("h.yaml", "url: " + url + "/api/v2/spans\nsampleProbability: 1").getFirst());
    try (HttpClient client = HttpClient.newHttpClient(); ReportAdapter adapter = (ReportAdapter) new Zipkin().build(params)) {
      await().atMost(Duration.ofSeconds(150)).ignoreExceptions().until(() -> get(client, url + "/health").contains("UP"));
      adapter.report(List.of(span(true, "a2fb4a1d1a96d312", "0020000000000001"), span(false, "a2fb4a1d1a96d312", "0020000000000001")));
      await().atMost(Duration.ofSeconds(60)).until(() -> get(client, url + "/api/v2/trace/" + TRACE).contains("SERVER"));
      assertThat(get(client, url + "/api/v2/trace/" + TRACE))
          .contains("\"kind\":\"CLIENT\"", "\"kind\":\"SERVER\"", "\"shared\":true", "\"parentId\":\"0020000000000001\"")
          .contains("\"name\":\"/re\\\"views\"", "\"serviceName\":\"productpage\"", "\"serviceName\":\"reviews\"")
          .contains("\"ipv4\":\"10.0.0.1\"", "\"ipv6\":\"2001:db8::1\"", "\"http.method\":\"GET\"", "\"error\":\"503\"");
      assertThat(get(client, url + "/api/v2/services")).contains("productpage", "reviews");
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private static String get(HttpClient client, String url) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).GET().build(), BodyHandlers.ofString()).body();
  }
}
