package dev.tenon.proxy.serve;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/** Pages that the proxy serves about itself. Called on an event loop; must return soon. */
@FunctionalInterface
public interface Pages {
  /** A page, now or later. */
  CompletionStage<Page> get(String method, String path);

  /** What is answered. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Page(int status, String type, byte[] content) {
    /** Plain text. */
    public static Page text(int status, String text) {
      return new Page(status, "text/plain; charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** JSON. */
    public static Page json(String text) {
      return new Page(200, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
