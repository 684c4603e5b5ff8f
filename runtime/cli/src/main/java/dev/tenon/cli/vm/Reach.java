package dev.tenon.cli.vm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;

/** Whether a control plane is found, answers, and has the same time. */
final class Reach {
  private static final int CONNECT_MILLIS = 3_000;
  private static final Duration TOLERATED = Duration.ofMinutes(5);

  private final String server;
  private final Findings findings;

  Reach(String server, Findings findings) {
    this.server = server;
    this.findings = findings;
  }

  boolean there() {
    return named() && reached();
  }

  private String host() {
    return server.substring(0, server.lastIndexOf(':')).replaceFirst("^\\[(.*)]$", "$1");
  }

  private boolean named() {
    try {
      InetAddress address = InetAddress.getByName(host());
      findings.good("name", host() + " is " + address.getHostAddress());
      return true;
    } catch (UnknownHostException e) {
      findings.bad("name", host() + " is not known", "correct the name, /etc/hosts or the resolver (resolvectl query " + host() + ")");
      return false;
    }
  }

  private boolean reached() {
    int port = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host(), port), CONNECT_MILLIS);
      findings.good("reachability", server + " accepts connections");
      return true;
    } catch (IOException e) {
      findings.bad("reachability", server + ": " + e.getMessage(), "is the control plane up, has it kernel.grpc.secure there, does a firewall stand between?");
      return false;
    }
  }

  /** Holds this machine's time, before and after it asked, against the control plane's. */
  void clock(long before, long there) {
    Duration ahead = Duration.ofMillis((before + System.currentTimeMillis()) / 2 - there);
    if (ahead.abs().compareTo(TOLERATED) > 0) {
      findings.bad("clock", ahead.abs().toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of") + " the control plane's", "timedatectl set-ntp true");
    } else {
      findings.good("clock", ahead.toMillis() + " ms off");
    }
  }
}
