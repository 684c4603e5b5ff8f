package dev.tenon.spi.telemetry;

import java.time.Instant;
import java.util.Map;

/**
 * A request that is over, as one proxy saw it. Where a protocol has no such thing a text is empty.
 *
 * @param start when its first line was there
 * @param nanos from then until its answer was sent or given up
 * @param reporter which side of the request this proxy stands on
 * @param asked what the caller wanted
 * @param answered what it was given
 * @param upstream who was asked for it
 * @param caller who wanted it
 * @param notes what filters noted
 */
public record FinishedRequest(
    Instant start,
    long nanos,
    Reporter reporter,
    Asked asked,
    Answered answered,
    Upstream upstream,
    Caller caller,
    Map<String, String> notes) {
  public FinishedRequest {
    notes = Map.copyOf(notes);
  }

  /** Which side a proxy stands on, in Istio's terms. */
  public enum Reporter {
    /** Beside the caller, or at the mesh's edge. */
    SOURCE,
    /** Beside the called workload. */
    DESTINATION
  }

  /**
   * What the caller wanted.
   *
   * @param protocol {@code HTTP/1.1} and the like
   * @param path with its query
   * @param requestId its {@code x-request-id}
   * @param traceparent W3C's trace context, as it came
   */
  public record Asked(
      String protocol, String method, String authority, String path, String requestId, String userAgent, String traceparent) {}

  /**
   * What it was given.
   *
   * @param status 0 when it went away before an answer
   * @param flags Envoy's response flags, comma-separated; {@code -} for none
   * @param received octets of the request's body
   * @param sent octets of the answer's body
   */
  public record Answered(int status, String flags, long received, long sent) {}

  /**
   * Who was asked for it; texts are empty when nobody was.
   *
   * @param route its name
   * @param cluster its name
   * @param address {@code address:port} of the endpoint called last
   * @param millis from calling that endpoint to the head of its answer; -1 when there was none
   */
  public record Upstream(String route, String cluster, String address, long millis) {}

  /**
   * Who wanted it.
   *
   * @param address {@code address:port} of its connection
   * @param workload {@code namespace/name}, if the mesh knows who lives there
   */
  public record Caller(String address, String workload) {}
}
