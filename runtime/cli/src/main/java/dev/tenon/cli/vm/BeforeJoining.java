package dev.tenon.cli.vm;

import dev.tenon.cli.client.Refused;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.trust.HostCredential;
import dev.tenon.spi.trust.JoinToken;
import dev.tenon.wire.enrolment.v1.EnrolmentGrpc.EnrolmentBlockingStub;
import dev.tenon.wire.enrolment.v1.HelloRequest;
import dev.tenon.wire.enrolment.v1.RehearseRequest;
import dev.tenon.wire.enrolment.v1.RehearseResponse;
import dev.tenon.wire.enrolment.v1.Service;
import dev.tenon.wire.peer.PinnedAuthority;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** All that a join needs, looked at without joining: nothing is changed, here or at the control plane. */
final class BeforeJoining {
  private final String server;
  private final String token;
  private final Optional<Path> workload;
  private final Findings findings;

  /**
   * A look at everything.
   *
   * @param token empty when there is none
   */
  BeforeJoining(String server, String token, Optional<Path> workload, Findings findings) {
    this.server = server;
    this.token = token;
    this.workload = workload;
    this.findings = findings;
  }

  void look() {
    if (!JoinCommand.SERVER.matcher(server).matches()) {
      throw new Refused("--server " + server + " is no HOST:PORT; write it like 10.0.0.1:15012 or [fd00::1]:15012");
    }
    Optional<HostFile> file = workload.flatMap(this::file);
    file.ifPresent(this::ports);
    boolean there = new Reach(server, findings).there();
    if (token.isEmpty()) {
      findings.bad("token", "there is none", "--token with what 'tenon vm token create --group GROUP' on the control plane printed");
      return;
    }
    Optional<JoinToken> parsed = JoinToken.parse(token);
    if (parsed.isEmpty()) {
      findings.bad("token", JoinCommand.NO_TOKEN, "copy the whole line");
    } else if (there) {
      ask(parsed.get(), file);
    }
  }

  private Optional<HostFile> file(Path path) {
    try {
      HostFile file = HostFile.read(path);
      findings.good("workload", file.entrant().workload().key() + " of " + path);
      return Optional.of(file);
    } catch (BadConfig e) {
      e.findings().stream()
          .filter(each -> each.severity() == Finding.Severity.ERROR)
          .forEach(each -> findings.bad("workload", each.at() + ": " + (each.field().isEmpty() ? "" : each.field() + ": ") + each.message(), "correct the file"));
      return Optional.empty();
    }
  }

  /** Those that the sidecar will listen on. */
  private void ports(HostFile file) {
    Workload self = file.entrant().workload();
    for (WorkloadPort port : self.ports()) {
      if (port.application().isEmpty()) {
        findings.good("port", self.address() + " port " + port.listenPort() + " is the application's own");
      } else {
        free(self.address(), port.listenPort(), "workload.ports");
      }
    }
    String outbound = file.proxy().flatMap(each -> each.optionalText("outbound")).orElse("127.0.0.1");
    file.proxy().flatMap(each -> each.whole("httpProxyPort", 1, 65535)).ifPresent(port -> free(outbound, port.intValue(), "proxy.httpProxyPort"));
    file.proxy().flatMap(each -> each.mapping("admin")).flatMap(each -> each.optionalText("address")).ifPresent(admin -> {
      int colon = admin.lastIndexOf(':');
      if (admin.substring(colon + 1).matches("[0-9]{1,5}")) {
        free(admin.substring(0, Math.max(0, colon)), Integer.parseInt(admin.substring(colon + 1)), "proxy.admin.address");
      }
    });
  }

  private void free(String address, int port, String field) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address.replaceFirst("^\\[(.*)]$", "$1")), port));
      findings.good("port", address + " port " + port + " is free");
    } catch (IOException | IllegalArgumentException e) {
      boolean taken = String.valueOf(e.getMessage()).contains("in use");
      findings.bad("port", address + " port " + port + ": " + e.getMessage(), taken
          ? "'ss -ltnp sport = :" + port + "' names who listens there; stop it, let the application listen on loopback, or give " + field + " another port"
          : "is that an address of this machine ('ip address')? Correct " + field + " or workload.address");
    }
  }

  private void ask(JoinToken shown, Optional<HostFile> file) {
    PinnedAuthority judge = new PinnedAuthority(shown.authority(), HostCredential.SERVER_NAME);
    try (Line line = Line.pinned(server, judge)) {
      EnrolmentBlockingStub enrolment = line.enrolment();
      long before = System.currentTimeMillis();
      long there = enrolment.hello(HelloRequest.getDefaultInstance()).getClockMillis();
      findings.good("authority", "the control plane is the one that made the token");
      new Reach(server, findings).clock(before, there);
      RehearseResponse answer = line.enrolment().rehearse(request(shown, file));
      findings.good("token", "good for " + answer.getUsesLeft() + " more of the group " + answer.getGroup() + ", until "
          + Instant.ofEpochMilli(answer.getExpiresMillis()));
    } catch (StatusRuntimeException e) {
      if (!judge.fault().isEmpty()) {
        boolean clock = judge.fault().startsWith("the clock");
        findings.bad(clock ? "clock" : "authority", judge.fault(), clock
            ? "timedatectl set-ntp true" : "compare the address; if it is right, find out who answers there before you go on");
      } else if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        findings.bad("token", "the control plane takes no hosts", "its profile needs the module citadel");
      } else {
        findings.bad("token", String.valueOf(e.getStatus().getDescription()));
      }
    }
  }

  private static RehearseRequest request(JoinToken shown, Optional<HostFile> file) {
    RehearseRequest.Builder request = RehearseRequest.newBuilder().setTokenId(shown.id()).setTokenSecret(shown.secret());
    file.map(each -> each.entrant().workload()).ifPresent(self -> {
      request.setNamespace(self.namespace()).setName(self.name());
      self.ports().stream().map(WorkloadPort::service).distinct()
          .forEach(each -> request.addServices(Service.newBuilder().setNamespace(each.namespace()).setName(each.name())));
    });
    return request.build();
  }
}
