package dev.tenon.spi.workload;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
  /**
   * Reads a probe; what is wrong is said in its fields.
   *
   * @param probe the mapping below {@code probe}
   */
  public static Optional<ReadinessProbe> read(Fields probe) {
    return new ProbeReader(probe).probe();
  }

  /** The same, where no address was said with that of the workload's application: where it listens with that port, else loopback. */
  public ReadinessProbe asking(Workload workload) {
    Check asked =
        switch (check) {
          case HttpGet get when get.host().isEmpty() ->
              new HttpGet(address(workload, get.port()), get.port(), get.path(), get.tls(), get.headers());
          case TcpSocket tcp when tcp.host().isEmpty() -> new TcpSocket(address(workload, tcp.port()), tcp.port());
          case Grpc grpc when grpc.host().isEmpty() -> new Grpc(address(workload, grpc.port()), grpc.port(), grpc.service());
          default -> check;
        };
    return new ReadinessProbe(asked, initialDelay, period, timeout, successThreshold, failureThreshold);
  }

  private static String address(Workload workload, int port) {
    for (WorkloadPort each : workload.ports()) {
      int colon = each.application().lastIndexOf(':');
      if (colon >= 0 && each.application().substring(colon + 1).equals(String.valueOf(port))) {
        String host = each.application().substring(0, colon);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      }
      if (colon < 0 && each.listenPort() == port) {
        return workload.address();
      }
    }
    return "127.0.0.1";
  }

  /** One way to ask. Addresses are IP addresses, or empty for the application's own: names are not resolved here. */
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
