package dev.tenon.adapter.zipkin;

import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One handler. */
final class Sending implements ReportAdapter {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final URI url;
  private final double part;
  private final HttpClient client;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong left = new AtomicLong();

  Sending(URI url, double part) {
    this.url = url;
    this.part = part;
    this.client = HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER).build();
  }

  @Override
  public void report(List<Instance> instances) throws IOException, InterruptedException {
    StringBuilder spans = new StringBuilder("[");
    int count = 0;
    for (Instance each : instances) {
      if (Span.add(spans, each.values(), part, count > 0)) {
        count++;
      }
    }
    left.addAndGet((long) instances.size() - count);
    if (count > 0) {
      post(spans.append(']').toString());
      sent.addAndGet(count);
    }
  }

  private void post(String spans) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(spans))
            .build();
    int status = client.send(request, BodyHandlers.discarding()).statusCode();
    if (status / 100 != 2) {
      throw new IOException("Zipkin answers " + status);
    }
  }

  @Override
  public List<Family> figures() {
    return List.of(
        new Family(
            "zipkin_adapter_spans_total",
            Kind.COUNTER,
            List.of(
                Sample.of(Map.of("what", "sent"), (double) sent.get()),
                Sample.of(Map.of("what", "left_out"), (double) left.get()))));
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
