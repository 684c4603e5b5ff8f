package dev.tenon.cli.demo;

import dev.tenon.cli.client.Refused;
import dev.tenon.cli.process.Hosts;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo's hosts are: loopback addresses of this machine, or network namespaces. Host 1 is that of the control plane
 * and the gateway, the next ones are Bookinfo's. Closing takes away what was made; afterwards nothing can be. Thread-safe.
 */
final class Ground implements AutoCloseable {
  static final int CONTROL_PLANE = 1;
  private static final int FIRST_LOOPBACK = 9;
  private final int count;
  private @Nullable Hosts namespaces;
  private boolean closed;

  /** So many hosts, on loopback. */
  Ground(int count) {
    this.count = count;
  }

  /** Gives each host a network namespace from now on; else says why that cannot be. */
  synchronized String separate() {
    if (closed) {
      throw new Refused("everything is being ended");
    }
    String hindrance = Hosts.hindrance();
    if (hindrance.isEmpty()) {
      try {
        namespaces = Hosts.reachable(count);
      } catch (IOException e) {
        hindrance = "network namespaces cannot be connected here: " + e.getMessage();
      }
    }
    return hindrance;
  }

  /** Where others reach a host. */
  synchronized String address(int host) {
    return namespaces == null ? "127.0.0." + (FIRST_LOOPBACK + host) : namespaces.address(host, false);
  }

  /** What a host calls itself. */
  synchronized String local(int host) {
    return namespaces == null ? address(host) : "127.0.0.1";
  }

  /** Where the control plane takes in hosts that have a token. */
  synchronized String meshPort() {
    return (namespaces == null ? "127.0.0.1" : address(CONTROL_PLANE)) + ":15012";
  }

  /** Where Consul listens, on the control plane's host. */
  synchronized String consul() {
    return namespaces == null ? "127.0.0." + FIRST_LOOPBACK : address(CONTROL_PLANE);
  }

  /** The command that runs a command on a host. */
  synchronized List<String> on(int host, List<String> command) {
    return namespaces == null ? command : namespaces.on(host, command.toArray(String[]::new));
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (namespaces != null) {
      namespaces.close();
    }
  }
}
