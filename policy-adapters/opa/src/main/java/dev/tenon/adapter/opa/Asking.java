package dev.tenon.adapter.opa;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.policy.Verdict.Code;
import dev.tenon.spi.policy.Verdict.Validity;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One handler. May block; the caller's deadline holds. */
final class Asking implements Adapter {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LONGEST_ANSWER = 64 * 1024;

  private final URI url;
  private final boolean closed;
  private final HttpClient client;
  private final LongAdder allowed = new LongAdder();
  private final LongAdder denied = new LongAdder();
  private final LongAdder failed = new LongAdder();

  Asking(URI url, boolean closed) {
    this.url = url;
    this.closed = closed;
    this.client = HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER).build();
  }

  @Override
  public Verdict check(Instance instance) {
    try {
      boolean yes = ask(instance);
      (yes ? allowed : denied).increment();
      return yes ? Verdict.ALLOW : new Verdict.Deny(Code.PERMISSION_DENIED, "the policy says no", Validity.ONCE);
    } catch (IOException e) {
      failed.increment();
      if (closed) {
        throw new UncheckedIOException(e);
      }
      return Verdict.ALLOW;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the answer was not waited for", e);
    }
  }

  private boolean ask(Instance instance) throws IOException, InterruptedException {
    StringWriter body = new StringWriter();
    JsonWriter json = new JsonWriter(body);
    json.beginObject().name("input");
    write(json, instance.values());
    json.endObject();
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException("OPA answers " + response.statusCode());
      }
      Boolean result = result(new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8));
      if (result == null) {
        // A rule that is not there has no result, and one that gives no truth is no answer either.
        throw new IOException("OPA gives no true or false for " + url.getPath());
      }
      return result;
    }
  }

  /** The answer's {@code result}, if it is true or false; what stands beside it does not matter. */
  private static @Nullable Boolean result(String answer) throws IOException {
    JsonReader json = new JsonReader(new StringReader(answer));
    json.setStrictness(Strictness.STRICT);
    Boolean result = null;
    try {
      json.beginObject();
      while (json.hasNext()) {
        if (json.nextName().equals("result") && json.peek() == JsonToken.BOOLEAN) {
          result = json.nextBoolean();
        } else {
          json.skipValue();
        }
      }
      json.endObject();
      return result;
    } catch (IllegalStateException | EOFException | MalformedJsonException e) {
      throw new IOException("OPA's answer is no JSON object: " + e.getMessage(), e);
    }
  }

  private static void write(JsonWriter json, @Nullable Object value) throws IOException {
    switch (value) {
      case Long number -> json.value(number);
      case Boolean truth -> json.value(truth);
      case Map<?, ?> map -> {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, each) -> sorted.put(String.valueOf(key), each));
        json.beginObject();
        for (Map.Entry<String, Object> each : sorted.entrySet()) {
          json.name(each.getKey());
          write(json, each.getValue());
        }
        json.endObject();
      }
      case InetAddress address -> json.value(address.getHostAddress());
      case null, default -> json.value(String.valueOf(value));
    }
  }

  @Override
  public List<Family> figures() {
    return List.of(
        new Family(
            "opa_adapter_answers_total",
            Kind.COUNTER,
            List.of(
                Sample.of(Map.of("result", "true"), (double) allowed.sum()),
                Sample.of(Map.of("result", "false"), (double) denied.sum()),
                Sample.of(Map.of("result", "none"), (double) failed.sum()))));
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
