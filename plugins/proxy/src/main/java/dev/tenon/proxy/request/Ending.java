package dev.tenon.proxy.request;

import dev.tenon.proxy.http.Head;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request, in numbers.
 *
 * @param start when its first line was there
 * @param nanos from then until its answer was sent or given up
 * @param status of its answer; 0 when there was none
 * @param flags as in {@link Flags}
 * @param received octets of its body
 * @param sent octets of the answer's body
 * @param head octets of the answer's head
 * @param headers of the answer as the upstream sent it, by names in lower case
 * @param checkCode number of the {@code google.rpc.Code} that policy gave; 0 when it let it go on
 * @param checkMessage what policy said with it
 */
public record Ending(
    Instant start,
    long nanos,
    int status,
    int flags,
    long received,
    long sent,
    long head,
    Map<String, String> headers,
    int checkCode,
    String checkMessage) {
  /** An attribute that is known now; null when it is none of these. */
  @Nullable Object get(String attribute, Head request) {
    return switch (attribute) {
      case "response.code" -> status == 0 ? null : (long) status;
      case "response.duration" -> Duration.ofNanos(nanos);
      case "response.time" -> start.plusNanos(nanos);
      case "response.headers" -> headers;
      case "response.size" -> sent;
      case "response.total_size" -> sent + head;
      case "response.grpc_status" -> headers.get("grpc-status");
      case "response.grpc_message" -> headers.get("grpc-message");
      case "request.total_size" -> received + request.end() - request.start();
      case "context.proxy_error_code" -> Flags.text(flags);
      case "check.error_code" -> (long) checkCode;
      case "check.error_message" -> checkMessage;
      case "check.cache_hit", "quota.cache_hit" -> false;
      default -> null;
    };
  }
}
