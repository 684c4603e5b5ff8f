package dev.tenon.e2e.mesh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * 256 loopback addresses that no other mesh of these tests uses, so that they may run beside each other
 * and beside a demo. A listening socket is the claim; closing gives it up.
 */
public final class Subnet implements AutoCloseable {
  private static final int CLAIM_PORT = 15999;
  private final String prefix;
  private final ServerSocket claim;

  private Subnet(String prefix, ServerSocket claim) {
    this.prefix = prefix;
    this.claim = claim;
  }

  /** The first that is free, beginning at one that differs from process to process. */
  public static Subnet claim() {
    int start = (int) (ProcessHandle.current().pid() * 7 % 200);
    for (int i = 0; i < 200; i++) {
      String prefix = "127.1." + (1 + (start + i) % 200) + ".";
      try {
        return new Subnet(prefix, new ServerSocket(CLAIM_PORT, 1, InetAddress.getByName(prefix + "254")));
      } catch (IOException e) {
        // Somebody else's: the next one.
      }
    }
    throw new IllegalStateException("all of 127.1.1.0 to 127.1.200.0 are in use");
  }

  public String address(int host) {
    return prefix + host;
  }

  @Override
  public void close() throws IOException {
    claim.close();
  }
}
