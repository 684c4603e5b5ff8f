package dev.tenon.cli.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Hosts that are network namespaces, each with a network of its own for IPv4 and IPv6, and a router between them. What
 * is cut is cut at the router: no host hears of it. Closing deletes all of it; end what runs there first. Linux alone, with
 * iproute2 and the right to make namespaces. Not thread-safe.
 */
public final class Hosts implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  /** Networks 10.77.0.0/16 and up; within the namespaces any would do. */
  private static final int FIRST_NETWORK = 77;

  private static final int NETWORKS = 100;

  /** The network between the router and this machine; hosts are numbered from 1. */
  private static final int UPLINK = 255;

  private static final int MOST = 250;
  private final String prefix = prefix(ProcessHandle.current().pid());
  private final List<String> namespaces = new ArrayList<>();
  private int network = FIRST_NETWORK;
  private boolean reachable;

  private Hosts() {}

  /** What the names of a process's namespaces begin with. */
  public static String prefix(long pid) {
    return "tn" + pid % 100_000 + "-";
  }

  /** A router and so many hosts, numbered from 1, which this machine itself does not reach. */
  public static Hosts apart(int count) throws IOException {
    return made(count, false);
  }

  /** The same, with a route from this machine to them by IPv4: it can call them by their addresses, and they can call it. */
  public static Hosts reachable(int count) throws IOException {
    return made(count, true);
  }

  private static Hosts made(int count, boolean reachable) throws IOException {
    if (count > MOST) {
      throw new IllegalArgumentException("at most " + MOST + " hosts");
    }
    Hosts hosts = new Hosts();
    try {
      hosts.add(hosts.router());
      if (reachable) {
        hosts.uplink();
      }
      for (int host = 1; host <= count; host++) {
        hosts.add(hosts.namespace(host));
        hosts.link(host);
      }
      hosts.in(hosts.router(), "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
      return hosts;
    } catch (IOException | RuntimeException e) {
      hosts.close();
      throw e;
    }
  }

  /** Why this machine has no namespaces for us; empty when it has. */
  public static String hindrance() {
    String name = "tn-try" + ProcessHandle.current().pid() % 100_000;
    try {
      run("ip", "netns", "add", name);
      run("ip", "netns", "delete", name);
      return "";
    } catch (IOException e) {
      return "no network namespaces here: " + e.getMessage();
    }
  }

  /** Whether this process belongs to root, who may make namespaces nearly everywhere. */
  public static boolean asRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private void add(String namespace) throws IOException {
    run("ip", "netns", "add", namespace);
    namespaces.add(namespace);
    in(namespace, "ip", "link", "set", "lo", "up");
  }

  /** A network that this machine has no route into yet; whoever adds the route first has it. */
  private void uplink() throws IOException {
    run("ip", "link", "add", outside(), "type", "veth", "peer", "name", "outside", "netns", router());
    reachable = true;
    run("ip", "link", "set", outside(), "up");
    run("ip", "-n", router(), "link", "set", "outside", "up");
    IOException last = new IOException("all of 10." + FIRST_NETWORK + ".0.0 and up is in use");
    for (network = FIRST_NETWORK; network < FIRST_NETWORK + NETWORKS; network++) {
      String whole = "10." + network + ".0.0/16";
      if (!run("ip", "-4", "route", "show", "root", whole).isEmpty()) {
        continue;
      }
      try {
        run("ip", "address", "add", "10." + network + "." + UPLINK + ".2/24", "dev", outside());
        run("ip", "route", "add", whole, "via", "10." + network + "." + UPLINK + ".1");
        run("ip", "-n", router(), "address", "add", "10." + network + "." + UPLINK + ".1/24", "dev", "outside");
        return;
      } catch (IOException taken) {
        last = taken;
        run("ip", "address", "flush", "dev", outside());
      }
    }
    throw last;
  }

  private void link(int host) throws IOException {
    String far = "h" + host;
    run("ip", "-n", namespace(host), "link", "add", "up0", "type", "veth", "peer", "name", far, "netns", router());
    for (String[] end : new String[][] {{namespace(host), "up0", "2"}, {router(), far, "1"}}) {
      run("ip", "-n", end[0], "address", "add", "10." + network + "." + host + "." + end[2] + "/24", "dev", end[1]);
      run("ip", "-n", end[0], "address", "add", "fd77:" + host + "::" + end[2] + "/64", "dev", end[1], "nodad");
      run("ip", "-n", end[0], "link", "set", end[1], "up");
    }
    run("ip", "-n", namespace(host), "route", "add", "default", "via", "10." + network + "." + host + ".1");
    run("ip", "-n", namespace(host), "-6", "route", "add", "default", "via", "fd77:" + host + "::1");
  }

  private String router() {
    return prefix + "r";
  }

  private String outside() {
    return prefix + "u";
  }

  private String namespace(int host) {
    return prefix + "h" + host;
  }

  /** The address of a host, as its neighbours write it. */
  public String address(int host, boolean ipv6) {
    return ipv6 ? "fd77:" + host + "::2" : "10." + network + "." + host + ".2";
  }

  /** Gives a host one more address, any that its neighbours shall know it by; IPv4. */
  public void also(int host, String address) throws IOException {
    run("ip", "-n", namespace(host), "address", "add", address + "/32", "dev", "up0");
    run("ip", "-n", router(), "route", "add", address + "/32", "via", address(host, false));
  }

  /** Nothing reaches the host any more, and nothing that it sends arrives. */
  public void cut(int host) throws IOException {
    run("ip", "-n", router(), "link", "set", "h" + host, "down");
  }

  /** The host is there again. */
  public void mend(int host) throws IOException {
    run("ip", "-n", router(), "link", "set", "h" + host, "up");
    // A link that goes down loses its IPv6 addresses.
    run("ip", "-n", router(), "address", "replace", "fd77:" + host + "::1/64", "dev", "h" + host, "nodad");
  }

  /** The command that runs a command on a host. */
  public List<String> on(int host, String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace(host)));
    all.addAll(Arrays.asList(command));
    return all;
  }

  /** Runs a command on a host to its end; what it printed. */
  public String runOn(int host, String... command) throws IOException {
    return run(on(host, command).toArray(String[]::new));
  }

  private void in(String namespace, String... command) throws IOException {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(Arrays.asList(command));
    run(all.toArray(String[]::new));
  }

  private static String run(String... command) throws IOException {
    Path output = Files.createTempFile("tenon-hosts", ".out");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + " does not end");
      }
      String said = Files.readString(output, StandardCharsets.UTF_8).strip();
      if (process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ": " + said);
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  @Override
  public void close() throws IOException {
    List<String> left = new ArrayList<>();
    if (reachable) {
      // Its namespace goes some time after its name; the route on this machine at once.
      end(left, "ip", "link", "delete", outside());
      reachable = false;
    }
    for (String namespace : namespaces.reversed()) {
      end(left, "ip", "netns", "delete", namespace);
    }
    namespaces.clear();
    if (!left.isEmpty()) {
      throw new IOException(String.join("; ", left));
    }
  }

  private static void end(List<String> left, String... command) {
    try {
      run(command);
    } catch (IOException e) {
      left.add(e.getMessage());
    }
  }
}
