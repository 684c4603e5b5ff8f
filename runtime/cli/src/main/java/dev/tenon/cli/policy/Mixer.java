package dev.tenon.cli.policy;

import dev.tenon.cli.client.Refused;
import dev.tenon.kernel.boot.BootOptions;
import dev.tenon.kernel.boot.Offline;
import dev.tenon.spi.policy.Expressions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The distribution's own mixer, in a kernel of its own for the time of one command. */
final class Mixer {
  private Mixer() {}

  /** Lets it work; the result holds nothing of the module's. */
  static <R> R call(Function<Expressions, R> work) throws IOException, InterruptedException {
    String home = System.getProperty("tenon.home", "");
    if (home.isEmpty()) {
      throw new Refused("start this by bin/tenon, which knows where the distribution lies");
    }
    String version = Optional.ofNullable(Mixer.class.getPackage().getImplementationVersion()).orElse("unpackaged");
    Path run = Files.createTempDirectory("tenon-offline");
    try {
      return Offline.call(
          new BootOptions(Path.of(home), version, "offline", List.of(), List.of("run.directory=" + run)), Expressions.class, work);
    } finally {
      delete(run);
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
