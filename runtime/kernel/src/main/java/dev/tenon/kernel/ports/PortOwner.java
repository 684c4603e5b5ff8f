package dev.tenon.kernel.ports;

import dev.tenon.spi.ports.BindFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Says who listens on a port, as far as {@code /proc} tells this user. Linux; elsewhere nothing. */
final class PortOwner {
  private static final int MOST_PROCESSES = 20_000;
  private static final String LISTEN = "0A";

  private PortOwner() {}

  static BindFailure explain(InetSocketAddress address, IOException cause) {
    String why = String.valueOf(cause.getMessage());
    String lower = why.toLowerCase(Locale.ROOT);
    if (lower.contains("in use")) {
      why = "the port is taken" + process(address.getPort()).map(each -> " by " + each).orElse("");
    } else if (lower.contains("permission denied")) {
      why = "this user may not bind it (ports below 1024 need CAP_NET_BIND_SERVICE)";
    } else if (lower.contains("cannot assign") || lower.contains("can't assign")) {
      why = "this machine has no such address";
    }
    return new BindFailure("cannot listen on " + name(address) + ": " + why, cause);
  }

  static String name(SocketAddress address) {
    if (!(address instanceof InetSocketAddress internet) || internet.isUnresolved()) {
      return address.toString();
    }
    String host = internet.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + internet.getPort();
  }

  /** For example {@code process 4711 (nginx: master process)}. */
  static Optional<String> process(int port) {
    Set<String> inodes = new HashSet<>();
    listening("/proc/net/tcp", port, inodes);
    listening("/proc/net/tcp6", port, inodes);
    if (inodes.isEmpty()) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      int seen = 0;
      for (Path process : processes) {
        if (++seen > MOST_PROCESSES) {
          break;
        }
        if (holds(process, inodes)) {
          return Optional.of("process " + process.getFileName() + " (" + command(process) + ")");
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static void listening(String table, int port, Set<String> inodes) {
    String suffix = String.format(Locale.ROOT, ":%04X", port);
    try {
      for (String line : Files.readAllLines(Path.of(table))) {
        List<String> fields = List.of(line.strip().split("\\s+"));
        if (fields.size() > 9 && fields.get(3).equals(LISTEN) && fields.get(1).endsWith(suffix)) {
          inodes.add("socket:[" + fields.get(9) + "]");
        }
      }
    } catch (IOException e) {
      // No such table on this machine: then nothing is known.
      return;
    }
  }

  private static boolean holds(Path process, Set<String> inodes) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (inodes.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // Another user's process, or one that ended meanwhile.
      return false;
    }
    return false;
  }

  private static String command(Path process) {
    try {
      String line = Files.readString(process.resolve("cmdline")).replace('\0', ' ').strip();
      return line.length() > 120 ? line.substring(0, 117) + "..." : line;
    } catch (IOException e) {
      return "name unknown";
    }
  }
}
