package dev.tenon.kernel.prove;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what holds class loaders: writes a heap dump, lets a child process with a small heap read it, and
 * deletes it. The dump holds all that the process holds, keys and tokens too, so it lies in a folder of the
 * owner's alone, with mode 0600, and only for as long as it is read. Used by one thread.
 */
final class RetainingPaths {
  private static final Logger log = LoggerFactory.getLogger(RetainingPaths.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_LINES = 4_000;
  private final Path folder;
  private final AtomicLong dumps = new AtomicLong();
  private final AtomicLong dumpNanos = new AtomicLong();

  RetainingPaths(Path folder) {
    this.folder = folder;
  }

  long dumps() {
    return dumps.get();
  }

  long dumpMillis() {
    return dumpNanos.get() / 1_000_000;
  }

  /** A leak for each ticket's number, with the path or with the reason why there is none. */
  Map<Long, Leak> find(List<Ticket> tickets) throws InterruptedException {
    Map<Long, List<String>> paths = Map.of();
    String reason = "";
    try {
      Path dump = dump();
      try {
        paths = read(dump, tickets);
      } finally {
        Files.deleteIfExists(dump);
      }
    } catch (IOException | RuntimeException e) {
      reason = "what holds it could not be found out: " + e.getMessage();
      log.debug("no heap dump was read", e);
    }
    Map<Long, Leak> leaks = new HashMap<>();
    for (Ticket each : tickets) {
      List<String> path = paths.getOrDefault(each.number, List.of());
      boolean known = path.size() > 1;
      leaks.put(each.number, new Leak(each.module, each.build, each.closedMillis, known ? path : List.of(),
          known ? "" : path.isEmpty() ? reason.isEmpty() ? "the heap dump does not show it" : reason : path.getFirst()));
    }
    return leaks;
  }

  /** Writes all live objects; that is a full collection too. */
  Path dump() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    if (Files.getFileStore(folder).getUsableSpace() < 2 * used) {
      throw new IOException(folder + " has no room for a heap dump of up to " + (used >> 20) + " MiB");
    }
    Path dump = folder.resolve("heap-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".hprof");
    // Everything that the virtual machine creates here is the owner's alone; it says so of heap dumps itself, too.
    long begin = System.nanoTime();
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);
    dumpNanos.addAndGet(System.nanoTime() - begin);
    dumps.incrementAndGet();
    Files.setPosixFilePermissions(dump, PosixFilePermissions.fromString("rw-------"));
    return dump;
  }

  private static Map<Long, List<String>> read(Path dump, List<Ticket> tickets) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp", classes(),
        PathFinder.class.getName(), dump.toString()));
    tickets.forEach(each -> command.add(Long.toString(each.number)));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
    builder.environment().keySet().removeIf(each -> each.endsWith("JAVA_OPTIONS") || each.equals("JAVA_TOOL_OPTIONS"));
    Process child = builder.start();
    try {
      Thread.ofVirtual().start(() -> killLate(child));
      return parse(child);
    } finally {
      child.destroyForcibly();
    }
  }

  private static void killLate(Process child) {
    try {
      if (!child.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        child.destroyForcibly();
      }
    } catch (InterruptedException e) {
      child.destroyForcibly();
    }
  }

  /** Lines {@code number TAB step}. */
  private static Map<Long, List<String>> parse(Process child) throws IOException, InterruptedException {
    Map<Long, List<String>> paths = new HashMap<>();
    List<String> other = new ArrayList<>();
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      int count = 0;
      for (String line = lines.readLine(); line != null && count < MOST_LINES; line = lines.readLine(), count++) {
        int tab = line.indexOf('\t');
        if (tab > 0 && line.substring(0, tab).chars().allMatch(Character::isDigit)) {
          paths.computeIfAbsent(Long.valueOf(line.substring(0, tab)), ignored -> new ArrayList<>()).add(line.substring(tab + 1));
        } else {
          other.add(line);
        }
      }
    }
    if (child.waitFor() != 0 && paths.isEmpty()) {
      throw new IOException("the reader of the heap dump ended with " + child.exitValue() + (other.isEmpty() ? "" : ": " + other.getLast()));
    }
    return paths;
  }

  private static String classes() throws IOException {
    try {
      return Path.of(RetainingPaths.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IOException("the kernel does not know where its own classes are", e);
    }
  }
}
