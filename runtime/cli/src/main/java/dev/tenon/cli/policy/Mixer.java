package dev.tenon.cli.policy;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Refused;
import dev.tenon.kernel.boot.BootOptions;
import dev.tenon.kernel.boot.Offline;
import dev.tenon.spi.policy.Expressions;
import dev.tenon.spi.policy.Rehearsals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** The distribution's own mixer, in a kernel of its own for the time of one command. */
final class Mixer {
  private Mixer() {}

  /** Lets it work; the result holds nothing of the module's. */
  static <R> R call(Function<Expressions, R> work) throws IOException, InterruptedException {
    return run("offline", Expressions.class, List.of(), (run, language) -> work.apply(language));
  }

  /** The same with galley, which takes policy in at its socket, and with all adapters. */
  static <R> R rehearse(List<Path> plugins, BiFunction<AdminSocket, Rehearsals, R> work) throws IOException, InterruptedException {
    return run("rehearsal", Rehearsals.class, plugins, (run, rehearsals) -> {
      try (AdminSocket socket = new AdminSocket(run.resolve("admin.sock"))) {
        return work.apply(socket, rehearsals);
      }
    });
  }

  private static <T, R> R run(String profile, Class<T> service, List<Path> plugins, BiFunction<Path, T, R> work) throws IOException, InterruptedException {
    String home = System.getProperty("tenon.home", "");
    if (home.isEmpty()) {
      throw new Refused("start this by bin/tenon, which knows where the distribution lies");
    }
    String version = Optional.ofNullable(Mixer.class.getPackage().getImplementationVersion()).orElse("unpackaged");
    Path run = Files.createTempDirectory("tenon-offline");
    try {
      Files.createDirectories(run.resolve("plugins"));
      for (Path folder : plugins) {
        copy(folder, run.resolve("plugins"));
      }
      return Offline.call(
          new BootOptions(Path.of(home), version, profile, List.of(), List.of("run.directory=" + run)), service, offered -> work.apply(run, offered));
    } finally {
      delete(run);
    }
  }

  private static void copy(Path folder, Path to) throws IOException {
    try (Stream<Path> jars = Files.list(folder)) {
      for (Path jar : jars.filter(each -> each.toString().endsWith(".jar")).toList()) {
        Files.copy(jar, to.resolve(String.valueOf(jar.getFileName())));
      }
    } catch (NoSuchFileException e) {
      throw new Refused(folder + ": no such directory");
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
