package dev.tenon.cli.vm;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ListModulesResponse;
import dev.tenon.wire.enrolment.v1.HelloRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon vm check}, {@code status}: what is wrong on this host, and what to do about it. */
@Command(
    name = "check",
    aliases = "status",
    description = "Looks whether this host can be a member, and is: name resolution, reachability, clock, credential, sidecar; each with its remedy.")
final class CheckCommand implements Callable<Integer> {
  private static final int CONNECT_MILLIS = 3_000;
  private static final Duration TOLERATED = Duration.ofMinutes(5);

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Place place = new Place();

  private final List<Map<String, Object>> rows = new ArrayList<>();
  private boolean wrong;

  @Override
  public Integer call() {
    HostFolder folder = place.folder().checked();
    String server = Place.server(folder);
    if (name(server) && reached(server)) {
      clock(folder, server);
    }
    credential(folder);
    sidecar(folder);
    format.print(System.out, List.of("what", "state", "remedy"), rows);
    return wrong ? 1 : 0;
  }

  private void good(String what, String state) {
    row(what, state, "");
  }

  private void bad(String what, String state, String remedy) {
    wrong = true;
    row(what, state, remedy);
  }

  private void row(String what, String state, String remedy) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("what", what);
    row.put("state", state);
    row.put("remedy", remedy);
    rows.add(row);
  }

  private static String host(String server) {
    return server.substring(0, server.lastIndexOf(':')).replaceFirst("^\\[(.*)]$", "$1");
  }

  private boolean name(String server) {
    try {
      InetAddress address = InetAddress.getByName(host(server));
      good("name", host(server) + " is " + address.getHostAddress());
      return true;
    } catch (UnknownHostException e) {
      bad("name", host(server) + " is not known", "correct the name, /etc/hosts or the resolver (resolvectl query " + host(server) + ")");
      return false;
    }
  }

  private boolean reached(String server) {
    int port = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host(server), port), CONNECT_MILLIS);
      good("reachability", server + " accepts connections");
      return true;
    } catch (IOException e) {
      bad("reachability", server + ": " + e.getMessage(), "is the control plane up, has it kernel.grpc.secure there, does a firewall stand between?");
      return false;
    }
  }

  private void clock(HostFolder folder, String server) {
    try (Line line = new Line(server, folder.credential(), false)) {
      long before = System.currentTimeMillis();
      long there = line.enrolment().hello(HelloRequest.getDefaultInstance()).getClockMillis();
      Duration ahead = Duration.ofMillis((before + System.currentTimeMillis()) / 2 - there);
      if (ahead.abs().compareTo(TOLERATED) > 0) {
        bad("clock", ahead.abs().toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of") + " the control plane's", "timedatectl set-ntp true");
      } else {
        good("clock", ahead.toMillis() + " ms off");
      }
    } catch (StatusRuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      bad("clock", "the control plane was reached, and does not prove that it is the one that was joined: " + cause.getMessage(),
          "is this host's clock right (timedatectl)? Was the control plane set up anew? Then leave with --force and join again");
    }
  }

  private void credential(HostFolder folder) {
    Path file = folder.credential().certificate();
    try (var in = Files.newInputStream(file)) {
      X509Certificate own = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      Instant now = Instant.now();
      Instant end = own.getNotAfter().toInstant();
      if (now.isAfter(end)) {
        bad("credential", "ended at " + end, "the sidecar renews it when it reaches the control plane; see its log for why it does not");
      } else if (now.isBefore(own.getNotBefore().toInstant())) {
        bad("credential", "begins at " + own.getNotBefore().toInstant(), "this host's clock is behind: timedatectl set-ntp true");
      } else {
        good("credential", "valid until " + end);
      }
    } catch (IOException | GeneralSecurityException e) {
      bad("credential", file + ": " + e.getMessage(), "'tenon vm leave --force' and join anew");
    }
  }

  private void sidecar(HostFolder folder) {
    Path socket = folder.run().resolve("admin.sock");
    if (Files.notExists(socket)) {
      bad("sidecar", "does not run", "'tenon vm join' with the same --server and --workload starts it; its log says why it ended: a port that is taken, for one");
      return;
    }
    try (AdminSocket admin = new AdminSocket(socket)) {
      ListModulesResponse all = admin.modules().list(ListModulesRequest.getDefaultInstance());
      if (all.getReady()) {
        good("sidecar", "ready, process " + all.getPid());
      } else {
        bad("sidecar", "runs and is not ready, process " + all.getPid(), "'tenon module list --target " + folder.run() + "' says which part and why");
      }
    } catch (StatusRuntimeException e) {
      bad("sidecar", "does not answer at " + socket, "it was killed, perhaps: 'tenon vm join' with the same --server and --workload starts it again");
    }
  }
}
