package dev.tenon.cli.vm;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Refused;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ListModulesResponse;
import dev.tenon.wire.enrolment.v1.HelloRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon vm check}, {@code status}: what is wrong on this host, and what to do about it. */
@Command(
    name = "check",
    aliases = "status",
    description = {
      "Looks whether this host is a member that works: name resolution, reachability, clock, credential, sidecar; each with its remedy.",
      "Before it joins, with --server, --token and --workload: name resolution, reachability, the control plane's authority, clock, token, the workload's"
          + " file, ports that are taken."
    })
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "Before a join: the control plane's mesh port. A host that has joined knows it.")
  private @Nullable String server;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Before a join: looks whether this token would be taken, and does not use it. Default: $$TENON_JOIN_TOKEN.")
  private @Nullable String token;

  @Option(names = "--workload", paramLabel = "FILE", description = "Before a join: looks whether this file is good and its ports are free.")
  private @Nullable Path workload;

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Place place = new Place();

  private final Findings findings = new Findings();

  @Override
  public Integer call() {
    HostFolder folder = place.folder();
    if (!folder.joined() && server != null) {
      new BeforeJoining(server, JoinCommand.given(token), Optional.ofNullable(workload), findings).look();
      return findings.print(format);
    }
    if (!folder.joined()) {
      throw new Refused("this host has not joined: there is no credential in " + folder.credential().directory()
          + ". Say with --server, --token and --workload what it shall join with, and all of that is looked at");
    }
    String joined = Place.server(folder);
    Reach reach = new Reach(joined, findings);
    if (reach.there()) {
      clock(folder, joined, reach);
    }
    credential(folder);
    sidecar(folder);
    return findings.print(format);
  }

  private void clock(HostFolder folder, String joined, Reach reach) {
    try (Line line = new Line(joined, folder.credential(), false)) {
      long before = System.currentTimeMillis();
      long there = line.enrolment().hello(HelloRequest.getDefaultInstance()).getClockMillis();
      reach.clock(before, there);
    } catch (StatusRuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      findings.bad("clock", "the control plane was reached, and does not prove that it is the one that was joined: " + cause.getMessage(),
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
        findings.bad("credential", "ended at " + end, "the sidecar renews it when it reaches the control plane; see its log for why it does not");
      } else if (now.isBefore(own.getNotBefore().toInstant())) {
        findings.bad("credential", "begins at " + own.getNotBefore().toInstant(), "this host's clock is behind: timedatectl set-ntp true");
      } else {
        findings.good("credential", "valid until " + end);
      }
    } catch (IOException | GeneralSecurityException e) {
      findings.bad("credential", file + ": " + e.getMessage(), "'tenon vm leave --force' and join anew");
    }
  }

  private void sidecar(HostFolder folder) {
    Path socket = folder.run().resolve("admin.sock");
    if (Files.notExists(socket)) {
      findings.bad("sidecar", "does not run", "'tenon vm join' with the same --server and --workload starts it; its log says why it ended: a port that is taken, for one");
      return;
    }
    try (AdminSocket admin = new AdminSocket(socket)) {
      ListModulesResponse all = admin.modules().list(ListModulesRequest.getDefaultInstance());
      if (all.getReady()) {
        findings.good("sidecar", "ready, process " + all.getPid());
      } else {
        findings.bad("sidecar", "runs and is not ready, process " + all.getPid(), "'tenon module list --target " + folder.run() + "' says which part and why");
      }
    } catch (StatusRuntimeException e) {
      findings.bad("sidecar", "does not answer at " + socket, "it was killed, perhaps: 'tenon vm join' with the same --server and --workload starts it again");
    }
  }
}
