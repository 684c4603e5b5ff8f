package dev.tenon.agent.read;

import java.time.Duration;
import java.util.List;

/**
 * How to find out whether the application may be called, in the words of Istio's {@code ReadinessProbe}.
 *
 * @param check what is done
 * @param initialDelay how long to wait before the first check
 * @param period between the beginnings of two checks
 * @param timeout how long one may take
 * @param successThreshold so many in a row make it ready, at least 1
 * @param failureThreshold so many in a row make it unready, at least 1
 */
public record ReadinessProbe(
    Check check, Duration initialDelay, Duration period, Duration timeout, int successThreshold, int failureThreshold) {
  /** One way to ask. Addresses are IP addresses: names are not resolved here. */
  public sealed interface Check {}

  /**
   * GET; an answer from 200 to 399 is good. Certificates are not verified, as the kubelet does not.
   *
   * @param tls whether it is asked by https
   */
  public record HttpGet(String host, int port, String path, boolean tls, List<Header> headers) implements Check {
    public HttpGet {
      headers = List.copyOf(headers);
    }
  }

  /** A field of the request's head. */
  public record Header(String name, String value) {}

  /** A connection that is accepted is good. */
  public record TcpSocket(String host, int port) implements Check {}

  /**
   * {@code grpc.health.v1.Health/Check}; {@code SERVING} is good.
   *
   * @param service which service of the server; empty for the server itself
   */
  public record Grpc(String host, int port, String service) implements Check {}

  /** A command without a shell round it; exit status 0 is good. */
  public record Exec(List<String> command) implements Check {
    public Exec {
      command = List.copyOf(command);
    }
  }
}
