package dev.tenon.registry.vm.accept;

import dev.tenon.spi.workload.ReadinessProbe;
import dev.tenon.spi.workload.ReadinessProbe.Exec;
import dev.tenon.spi.workload.ReadinessProbe.Grpc;
import dev.tenon.spi.workload.ReadinessProbe.HttpGet;
import dev.tenon.spi.workload.ReadinessProbe.TcpSocket;
import dev.tenon.wire.registration.v1.Probe;

/** Writes a group's probe for agents. */
final class ProbeWriter {
  private ProbeWriter() {}

  static Probe write(ReadinessProbe probe) {
    Probe.Builder written = Probe.newBuilder()
        .setInitialDelaySeconds((int) probe.initialDelay().toSeconds())
        .setPeriodSeconds((int) probe.period().toSeconds())
        .setTimeoutSeconds((int) probe.timeout().toSeconds())
        .setSuccessThreshold(probe.successThreshold())
        .setFailureThreshold(probe.failureThreshold());
    switch (probe.check()) {
      case HttpGet get -> {
        Probe.HttpGet.Builder http =
            written.getHttpGetBuilder().setHost(get.host()).setPort(get.port()).setPath(get.path()).setTls(get.tls());
        get.headers().forEach(each -> http.addHeaders(Probe.Header.newBuilder().setName(each.name()).setValue(each.value())));
      }
      case TcpSocket tcp -> written.setTcpSocket(Probe.TcpSocket.newBuilder().setHost(tcp.host()).setPort(tcp.port()));
      case Grpc grpc -> written.setGrpc(Probe.Grpc.newBuilder().setPort(grpc.port()).setService(grpc.service()));
      // Galley refuses it in a group.
      case Exec exec -> throw new IllegalArgumentException("no command goes to a host: " + exec.command().getFirst());
    }
    return written.build();
  }
}
