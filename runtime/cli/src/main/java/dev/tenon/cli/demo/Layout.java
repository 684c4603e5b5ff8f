package dev.tenon.cli.demo;

import dev.tenon.cli.client.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where things lie.
 *
 * @param home the distribution
 * @param java the JDK's launcher
 * @param run everything that the demo writes
 */
record Layout(Path home, Path java, Path run) {
  static Layout find(Path run) {
    String home = System.getProperty("tenon.home", "");
    if (home.isEmpty()) {
      throw new Refused("start the demo by bin/tenon, which knows where the distribution lies");
    }
    return new Layout(
        Path.of(home), Path.of(System.getProperty("java.home"), "bin", "java"), run.toAbsolutePath().normalize());
  }

  /** The distribution's own launcher. */
  Path tenon() {
    return home.resolve("bin/tenon");
  }

  Path bookinfoJar() {
    return only(home.resolve("samples/bookinfo"), "tenon-bookinfo");
  }

  Path adapterJar() {
    return only(home.resolve("samples/headerguard"), "tenon-sample-headerguard");
  }

  Path proxyJar() {
    return only(home.resolve("modules"), "tenon-proxy");
  }

  /** One of Bookinfo's files in Istio's or Mixer's form. */
  Path rules(String name) {
    return home.resolve("samples/bookinfo").resolve(name);
  }

  private static Path only(Path directory, String prefix) {
    try (Stream<Path> files = Files.list(directory)) {
      Optional<Path> jar =
          files
              .filter(file -> file.getFileName().toString().startsWith(prefix))
              .filter(file -> file.toString().endsWith(".jar"))
              .findFirst();
      return jar.orElseThrow(() -> new Refused(directory + " holds no " + prefix + " jar; build the distribution again"));
    } catch (IOException e) {
      throw new Refused(directory + " cannot be read: " + e.getMessage() + "; build the distribution again");
    }
  }
}
