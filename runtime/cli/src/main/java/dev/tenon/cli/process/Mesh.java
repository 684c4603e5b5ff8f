package dev.tenon.cli.process;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Refused;
import dev.tenon.cli.client.Waiting;
import dev.tenon.wire.admin.v1.ApplyRequest;
import dev.tenon.wire.admin.v1.ApplyResponse;
import dev.tenon.wire.admin.v1.CreateJoinTokenRequest;
import dev.tenon.wire.admin.v1.DeleteRequest;
import dev.tenon.wire.admin.v1.DeleteResponse;
import dev.tenon.wire.admin.v1.Finding;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ProxyStatus;
import dev.tenon.wire.admin.v1.RegistryStatus;
import dev.tenon.wire.admin.v1.ServiceStatus;
import dev.tenon.wire.admin.v1.ServicesRequest;
import dev.tenon.wire.admin.v1.StatusRequest;
import dev.tenon.wire.admin.v1.StatusResponse;
import dev.tenon.wire.admin.v1.Text;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** The running mesh, as an operator has it: its control plane's socket. */
public final class Mesh implements AutoCloseable {
  /** On a machine that does much else at the same time. */
  private static final int PATIENCE_SECONDS = 60;

  private final AdminSocket socket;
  private final Processes processes;

  private Mesh(AdminSocket socket, Processes processes) {
    this.socket = socket;
    this.processes = processes;
  }

  /** Waits for the control plane and connects to it. */
  public static Mesh connect(Path socketFile, Processes processes) {
    await(processes, "the control plane's socket", PATIENCE_SECONDS, () -> Files.exists(socketFile));
    Mesh mesh = new Mesh(new AdminSocket(socketFile), processes);
    mesh.await("the control plane to be ready", PATIENCE_SECONDS, mesh::ready);
    return mesh;
  }

  private boolean ready() {
    return socket.modules().list(ListModulesRequest.getDefaultInstance()).getReady();
  }

  /** What the control plane says of its proxies. */
  public StatusResponse status() {
    return socket.mesh().status(StatusRequest.getDefaultInstance());
  }

  /** Waits until so many proxies are connected and have acknowledged all that they were sent. */
  public void awaitConverged(int proxies) {
    await(
        proxies + " proxies to acknowledge their configuration",
        2 * PATIENCE_SECONDS,
        () -> {
          StatusResponse status = status();
          return status.getProxiesList().stream().filter(Mesh::settled).count() == proxies
              && status.getRegistriesList().stream().anyMatch(each -> each.getName().equals("vm") && each.getWorkloads() == proxies);
        });
  }

  /** How a registry stands: {@code current}, {@code stale}, …; empty when there is none of that name. */
  public String state(String registry) {
    return status().getRegistriesList().stream()
        .filter(each -> each.getName().equals(registry))
        .map(RegistryStatus::getState)
        .findFirst()
        .orElse("");
  }

  /** What the registries together say of a service of the namespace {@code default}, if they know it. */
  public Optional<ServiceStatus> service(String name) {
    return socket.mesh().services(ServicesRequest.newBuilder().setNamespace("default").build()).getServicesList().stream()
        .filter(each -> each.getHost().startsWith(name + "."))
        .findFirst();
  }

  /** A token with which one host may join, for an hour, and answer for a service of the namespace {@code default}. */
  public String token(String service) {
    return socket
        .hosts()
        .createJoinToken(CreateJoinTokenRequest.newBuilder().setNamespace("default").setGroup(service).setLifetimeSeconds(3600).setUses(1).build())
        .getToken();
  }

  private static boolean settled(ProxyStatus proxy) {
    return proxy.getConnected()
        && proxy.getTypesList().stream().anyMatch(type -> type.getType().equals("CDS"))
        && Waiting.follows(proxy);
  }

  /** Applies a file, and waits until the proxies that it concerns have acknowledged the change. */
  public void apply(Path file) {
    Map<String, String> before = versions();
    ApplyResponse response = socket.config().apply(request(file));
    if (!response.getAccepted()) {
      Finding first = response.getFindings(0);
      throw new Refused(file + " was refused: " + first.getField() + ": " + first.getMessage());
    }
    boolean changed =
        response.getChangesList().stream().anyMatch(change -> !change.getChange().equals("unchanged"));
    if (changed) {
      await(file.getFileName() + " to reach the proxies", PATIENCE_SECONDS, () -> !versions().equals(before));
    }
    awaitAcknowledged(file);
  }

  /** Deletes what a file names, and waits until the proxies have acknowledged that. */
  public void delete(Path file) {
    Map<String, String> before = versions();
    DeleteResponse response =
        socket.config().delete(DeleteRequest.newBuilder().setNamespace("default").addTexts(text(file)).build());
    if (response.getMissingCount() + response.getFindingsCount() > 0) {
      throw new Refused("what " + file + " names could not be deleted: " + response.getMissingList() + response.getFindingsList());
    }
    await(file.getFileName() + " to be taken from the proxies", PATIENCE_SECONDS, () -> !versions().equals(before));
    awaitAcknowledged(file);
  }

  private void awaitAcknowledged(Path file) {
    await("the proxies to acknowledge " + file.getFileName(), PATIENCE_SECONDS, () -> status().getProxiesList().stream().allMatch(Mesh::settled));
  }

  /** What each proxy was last sent, by proxy and type. */
  private Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    for (ProxyStatus proxy : status().getProxiesList()) {
      proxy.getTypesList().forEach(type -> versions.put(proxy.getNode() + " " + type.getType(), type.getVersionSent()));
    }
    return versions;
  }

  private static ApplyRequest request(Path file) {
    return ApplyRequest.newBuilder().setNamespace("default").addTexts(text(file)).build();
  }

  private static Text text(Path file) {
    try {
      return Text.newBuilder().setOrigin(file.toString()).setYaml(Files.readString(file)).build();
    } catch (IOException e) {
      throw new Refused(file + " cannot be read: " + e.getMessage());
    }
  }

  /** Waits for a condition, and says what was waited for when it does not come. */
  public void await(String what, int seconds, BooleanSupplier condition) {
    await(processes, what, seconds, condition);
  }

  private static void await(Processes processes, String what, int seconds, BooleanSupplier condition) {
    long deadline = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < deadline) {
      processes.check();
      try {
        if (condition.getAsBoolean()) {
          return;
        }
        Thread.sleep(20);
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != io.grpc.Status.Code.UNAVAILABLE
            && e.getStatus().getCode() != io.grpc.Status.Code.UNIMPLEMENTED) {
          throw e;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Refused("interrupted while waiting for " + what);
      }
    }
    throw new Refused("waited " + seconds + " s in vain for " + what);
  }

  @Override
  public void close() {
    socket.close();
  }
}
