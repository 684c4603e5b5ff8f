package dev.tenon.e2e.mesh;

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
 * is cut is cut at the router: no host hears of it. Closing deletes all of it.
 */
public final class Hosts implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;
  private final String prefix = "tn" + ProcessHandle.current().pid() % 100_000;
  private final List<String> namespaces = new ArrayList<>();

  /** A router and so many hosts, numbered from 1. */
  public Hosts(int count) throws IOException {
    try {
      add(router());
      for (int host = 1; host <= count; host++) {
        add(namespace(host));
        link(host);
      }
      in(router(), "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    } catch (IOException | RuntimeException e) {
      close();
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

  /** Whether these tests run as root. */
  public static boolean asRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private void add(String namespace) throws IOException {
    run("ip", "netns", "add", namespace);
    namespaces.add(namespace);
    in(namespace, "ip", "link", "set", "lo", "up");
  }

  private void link(int host) throws IOException {
    String far = "h" + host;
    run("ip", "-n", namespace(host), "link", "add", "up0", "type", "veth", "peer", "name", far, "netns", router());
    for (String[] end : new String[][] {{namespace(host), "up0", "2"}, {router(), far, "1"}}) {
      run("ip", "-n", end[0], "address", "add", "10.77." + host + "." + end[2] + "/24", "dev", end[1]);
      run("ip", "-n", end[0], "address", "add", "fd77:" + host + "::" + end[2] + "/64", "dev", end[1], "nodad");
      run("ip", "-n", end[0], "link", "set", end[1], "up");
    }
    run("ip", "-n", namespace(host), "route", "add", "default", "via", "10.77." + host + ".1");
    run("ip", "-n", namespace(host), "-6", "route", "add", "default", "via", "fd77:" + host + "::1");
  }

  private String router() {
    return prefix + "r";
  }

  private String namespace(int host) {
    return prefix + "h" + host;
  }

  /** The address of a host, as its neighbours write it. */
  public String address(int host, boolean ipv6) {
    return ipv6 ? "fd77:" + host + "::2" : "10.77." + host + ".2";
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
    for (String namespace : namespaces.reversed()) {
      run("ip", "netns", "delete", namespace);
    }
    namespaces.clear();
  }
}
