package dev.tenon.e2e.mesh;

import dev.tenon.cli.process.Hosts;
import dev.tenon.cli.process.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Somebody who does what a guide says, literally, on fresh hosts with the addresses that it names: network namespaces, each
 * with a directory, a home and a /var/lib of its own, and without systemd.
 */
public final class Reader implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final int LONGEST_SECONDS = 180;
  private final Distribution distribution = Distribution.built();
  private final Guide guide;
  private final List<String> names;
  private final Hosts hosts;
  private final Path run;
  private final Processes processes;
  private final String path;
  private final Map<String, String> given = new HashMap<>();
  private final Map<String, String> staying = new HashMap<>();

  /**
   * Sets the hosts up.
   *
   * @param addresses of the guide's hosts
   * @param programs folders of what has to be installed, besides Tenon
   */
  public Reader(Guide guide, Map<String, String> addresses, List<Path> programs) throws IOException {
    this.guide = guide;
    this.names = addresses.keySet().stream().sorted().toList();
    this.hosts = Hosts.apart(names.size());
    this.run = Files.createTempDirectory(Path.of("/tmp"), "tenon-guide-");
    this.processes = new Processes(run, 40);
    List<String> folders = new ArrayList<>(List.of(distribution.home().resolve("bin").toString(), Path.of(System.getProperty("java.home"), "bin").toString()));
    programs.forEach(each -> folders.add(each.toString()));
    folders.add(System.getenv("PATH"));
    this.path = String.join(":", folders);
    for (String name : names) {
      hosts.also(number(name), Objects.requireNonNull(addresses.get(name)));
      for (String each : new String[] {"work", "home", "lib"}) {
        Files.createDirectories(run.resolve(name).resolve(each));
      }
    }
  }

  private int number(String host) {
    if (!names.contains(host)) {
      throw new AssertionError(guide.page() + " names a host \"" + host + "\", which this test has not");
    }
    return 1 + names.indexOf(host);
  }

  /** Does all of it, in order. How many commands that were. */
  public int follow() throws IOException, InterruptedException {
    int commands = 0;
    for (Guide.Step step : guide.steps()) {
      switch (step) {
        case Guide.Written file -> Files.writeString(directory(file.host()).resolve(file.file()), filled(file.text()));
        case Guide.Run command -> {
          commands++;
          if (command.stays()) {
            start(command);
          } else {
            once(command);
          }
        }
      }
    }
    return commands;
  }

  private Path directory(String host) {
    int known = number(host);
    return run.resolve(names.get(known - 1)).resolve("work");
  }

  private String filled(String text) {
    String filled = text;
    for (Map.Entry<String, String> each : given.entrySet()) {
      filled = filled.replaceAll("\\b" + each.getKey() + "\\b", each.getValue());
    }
    return filled;
  }

  /** A shell on the host, in its own directory. What the machine beneath has in /var/lib and of systemd is not seen there. */
  private List<String> shell(String host, String command) {
    Path own = run.resolve(host);
    return hosts.on(
        number(host), "sh", "-c",
        "mount --bind \"$0/lib\" /var/lib && { [ ! -d /run/systemd ] || mount -t tmpfs none /run/systemd; } && cd \"$0/work\" && exec bash -ec \"$1\"",
        own.toString(), command);
  }

  private Map<String, String> environment(String host) {
    return Map.of(
        "PATH", path, "HOME", run.resolve(host).resolve("home").toString(), "JAVA_HOME", System.getProperty("java.home"),
        "TENON_HOME", distribution.home().toString(), "TENON_SKIP_BUILD", "1");
  }

  private void start(Guide.Run step) throws IOException, InterruptedException {
    String key = step.host() + " " + step.command();
    if (step.again()) {
      String before = staying.get(key);
      if (before == null) {
        throw new AssertionError(at(step) + " was not started before");
      }
      processes.stop(before);
    }
    String name = step.host() + "-" + step.line();
    staying.put(key, name);
    processes.start(name, shell(step.host(), "exec " + filled(step.command())), environment(step.host()));
    Path log = run.resolve(name + ".log");
    until(step, () -> {
      processes.check();
      return Files.readString(log);
    });
  }

  private void once(Guide.Run step) throws IOException, InterruptedException {
    if (step.shows().isEmpty()) {
      Result result = result(step);
      if (result.exit() != 0) {
        throw new AssertionError(at(step) + " ended with " + result.exit() + ":\n" + result.said());
      }
      if (!step.gives().isEmpty()) {
        given.put(step.gives(), result.said().strip());
      }
    } else {
      until(step, () -> result(step).said());
    }
  }

  private interface Said {
    String said() throws IOException, InterruptedException;
  }

  private void until(Guide.Run step, Said source) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String said = source.said();
    while (!step.isShownBy(said)) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(at(step) + " does not show\n" + String.join("\n", step.shows()) + "\nbut\n" + said);
      }
      TimeUnit.MILLISECONDS.sleep(100);
      said = source.said();
    }
  }

  private record Result(int exit, String said) {}

  private Result result(Guide.Run step) throws IOException, InterruptedException {
    Path output = run.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(shell(step.host(), filled(step.command()))).redirectErrorStream(step.gives().isEmpty()).redirectOutput(output.toFile())
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().putAll(environment(step.host()));
    Process process = builder.start();
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(at(step) + " does not end");
    }
    return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  private String at(Guide.Run step) {
    return guide.page().getFileName() + ":" + step.line() + ": " + step.command();
  }

  @Override
  public void close() throws IOException {
    processes.close();
    hosts.close();
    Path kept = Files.createDirectories(distribution.kept().resolve(String.valueOf(guide.page().getFileName())));
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (file.toString().endsWith(".log")) {
          Files.copy(file, kept.resolve(file.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Files.deleteIfExists(file);
      }
    }
  }
}
