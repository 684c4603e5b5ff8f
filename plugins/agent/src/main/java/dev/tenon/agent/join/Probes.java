package dev.tenon.agent.join;

import dev.tenon.spi.config.Names;
import dev.tenon.spi.workload.ReadinessProbe;
import dev.tenon.spi.workload.ReadinessProbe.Check;
import dev.tenon.spi.workload.ReadinessProbe.Grpc;
import dev.tenon.spi.workload.ReadinessProbe.Header;
import dev.tenon.spi.workload.ReadinessProbe.HttpGet;
import dev.tenon.spi.workload.ReadinessProbe.TcpSocket;
import dev.tenon.wire.registration.v1.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the probe that a WorkloadGroup gives its hosts. A control plane names no command, and nothing that is out of bounds. */
final class Probes {
  private static final int LONGEST_SECONDS = 3_600;
  private static final int MOST = 1_000;
  private static final int MOST_HEADERS = 20;
  private static final Logger LOG = LoggerFactory.getLogger(Probes.class);

  private Probes() {}

  /** Empty when it cannot be carried out. */
  static Optional<ReadinessProbe> read(Probe said) {
    Optional<Check> check = check(said);
    if (check.isEmpty()) {
      LOG.warn("the probe of the workload's group cannot be carried out, and is not: {}", said.getCheckCase());
    }
    return check.map(each -> new ReadinessProbe(
        each,
        seconds(said.getInitialDelaySeconds(), 0),
        seconds(said.getPeriodSeconds(), 1),
        seconds(said.getTimeoutSeconds(), 1),
        Math.clamp(said.getSuccessThreshold(), 1, MOST),
        Math.clamp(said.getFailureThreshold(), 1, MOST)));
  }

  private static Duration seconds(int said, int least) {
    return Duration.ofSeconds(Math.clamp(said, least, LONGEST_SECONDS));
  }

  private static Optional<Check> check(Probe said) {
    return switch (said.getCheckCase()) {
      case HTTP_GET -> {
        Probe.HttpGet get = said.getHttpGet();
        List<Header> headers = get.getHeadersList().stream().limit(MOST_HEADERS).map(each -> new Header(each.getName(), each.getValue())).toList();
        yield callable(get.getHost(), get.getPort()).map(host -> new HttpGet(host, get.getPort(), get.getPath(), get.getTls(), headers));
      }
      case TCP_SOCKET -> callable(said.getTcpSocket().getHost(), said.getTcpSocket().getPort()).map(host -> new TcpSocket(host, said.getTcpSocket().getPort()));
      case GRPC -> callable("", said.getGrpc().getPort()).map(host -> new Grpc(host, said.getGrpc().getPort(), said.getGrpc().getService()));
      case CHECK_NOT_SET -> Optional.empty();
    };
  }

  private static Optional<String> callable(String host, int port) {
    boolean known = host.isEmpty() || Names.ipAddress(host).isPresent();
    return known && port >= 1 && port <= 65535 ? Optional.of(host) : Optional.empty();
  }
}
