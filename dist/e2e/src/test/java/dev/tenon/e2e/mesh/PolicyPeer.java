package dev.tenon.e2e.mesh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Servers that adapters ask: real ones, each on an address of its mesh, that end with it. */
public final class PolicyPeer {
  private static final int REDIS_HOST = 90;
  private static final int REDIS_PORT = 6379;
  private static final int OPA_HOST = 91;
  private static final int OPA_PORT = 8181;

  private PolicyPeer() {}

  /** A Redis that keeps nothing on disk; gives {@code address:port}. */
  public static String redis(TestMesh mesh) {
    mesh.processes()
        .start(
            "redis",
            List.of(
                Outside.redis().toString(), "--bind", mesh.address(REDIS_HOST), "--port", Integer.toString(REDIS_PORT), "--save", "",
                "--protected-mode", "no", "--dir", mesh.run().toString()),
            Map.of());
    return listening(mesh, "Redis", REDIS_HOST, REDIS_PORT);
  }

  /** An Open Policy Agent with a policy in Rego; gives {@code address:port}. */
  public static String opa(TestMesh mesh, String rego) {
    Path policy = mesh.written("policy.rego", rego);
    mesh.processes()
        .start(
            "opa",
            List.of(
                Outside.opa().toString(), "run", "--server", "--addr", mesh.address(OPA_HOST) + ":" + OPA_PORT, "--disable-telemetry",
                "--log-level", "error", policy.toString()),
            Map.of());
    return listening(mesh, "OPA", OPA_HOST, OPA_PORT);
  }

  private static String listening(TestMesh mesh, String what, int host, int port) {
    mesh.until(what + " to listen", 20, () -> accepts(mesh.address(host), port));
    return mesh.address(host) + ":" + port;
  }

  private static boolean accepts(String address, int port) {
    try (Socket socket = new Socket(InetAddress.ofLiteral(address), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
