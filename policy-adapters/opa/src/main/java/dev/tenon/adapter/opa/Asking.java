package dev.tenon.adapter.opa;

import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.policy.Verdict.Code;
import dev.tenon.spi.policy.Verdict.Validity;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One handler. May block; the caller's deadline holds. */
final class Asking implements Adapter {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LONGEST_ANSWER = 64 * 1024;
  private static final Pattern RESULT = Pattern.compile("\\{(?:[^{}]*,)?\\s*\"result\"\\s*:\\s*(true|false)\\s*[,}]");

  private final URI url;
  private final boolean closed;
  private final HttpClient client;

  Asking(URI url, boolean closed) {
    this.url = url;
    this.closed = closed;
    this.client = HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER).build();
  }

  @Override
  public Verdict check(Instance instance) {
    try {
      return ask(instance)
          ? Verdict.ALLOW
          : new Verdict.Deny(Code.PERMISSION_DENIED, "the policy says no", Validity.ONCE);
    } catch (IOException e) {
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
    StringBuilder body = new StringBuilder("{\"input\":");
    json(body, instance.values());
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body.append('}').toString()))
            .build();
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      String text = new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
      if (response.statusCode() != 200) {
        throw new IOException("OPA answers " + response.statusCode());
      }
      Matcher result = RESULT.matcher(text);
      if (!result.lookingAt()) {
        // A rule that is not there has no result, and one that gives no truth is no answer either.
        throw new IOException("OPA gives no true or false for " + url.getPath());
      }
      return result.group(1).equals("true");
    }
  }

  private static void json(StringBuilder out, @Nullable Object value) {
    switch (value) {
      case Long number -> out.append(number);
      case Boolean truth -> out.append(truth);
      case Map<?, ?> map -> {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, each) -> sorted.put(String.valueOf(key), each));
        String before = "{";
        for (Map.Entry<String, Object> each : sorted.entrySet()) {
          out.append(before);
          text(out, each.getKey());
          out.append(':');
          json(out, each.getValue());
          before = ",";
        }
        out.append(sorted.isEmpty() ? "{}" : "}");
      }
      case InetAddress address -> text(out, address.getHostAddress());
      case null, default -> text(out, String.valueOf(value));
    }
  }

  private static void text(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
