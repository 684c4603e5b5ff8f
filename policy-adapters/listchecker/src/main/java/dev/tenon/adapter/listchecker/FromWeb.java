package dev.tenon.adapter.listchecker;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server of HTTP, asked with GET, and with what it said last to tell its lists apart (RFC 9110, 13.1). */
final class FromWeb implements Provider {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final URI url;
  private final HttpClient client;
  private @Nullable String tag;
  private @Nullable String modified;

  FromWeb(URI url) {
    this.url = url;
    this.client = HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER).build();
  }

  @Override
  public Optional<String> fetch() throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(PATIENCE).GET();
    if (tag != null) {
      request.header("if-none-match", tag);
    } else if (modified != null) {
      request.header("if-modified-since", modified);
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      if (response.statusCode() == 304) {
        return Optional.empty();
      }
      if (response.statusCode() != 200) {
        throw new IOException("the provider answers " + response.statusCode());
      }
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new IOException("the list has more than " + LARGEST + " octets");
      }
      tag = response.headers().firstValue("etag").orElse(null);
      modified = response.headers().firstValue("last-modified").orElse(null);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
