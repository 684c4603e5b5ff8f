package dev.tenon.e2e.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What ships, as the build laid it out.
 *
 * @param root the source tree
 */
public record Distribution(Path root) {
  /** The top of this source tree. */
  public static Path source() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("bundle.bnd"))) {
      root = root.getParent();
      if (root == null) {
        throw new IllegalStateException("run the tests inside the source tree");
      }
    }
    return root;
  }

  /** The one of this source tree. */
  public static Distribution built() {
    Distribution found = new Distribution(source());
    if (Files.notExists(found.tenon())) {
      throw new IllegalStateException(found.tenon() + " is missing: run mvn package first");
    }
    return found;
  }

  public Path home() {
    return root.resolve("dist/target/tenon");
  }

  /** The command. */
  public Path tenon() {
    return home().resolve("bin/tenon");
  }

  public Path bookinfo() {
    return only(home().resolve("samples/bookinfo"), "tenon-bookinfo");
  }

  public Path headerguard() {
    return sample("headerguard");
  }

  /** The jar of a sample. */
  public Path sample(String name) {
    return only(home().resolve("samples").resolve(name), "tenon-sample-" + name);
  }

  public Path countquota() {
    return only(home().resolve("samples/countquota"), "tenon-sample-countquota");
  }

  public Path proxy() {
    return only(home().resolve("modules"), "tenon-proxy");
  }

  /** One of the distribution's own rule files for Bookinfo. */
  public Path rules(String name) {
    return home().resolve("samples/bookinfo").resolve(name);
  }

  /** Where copies of the logs stay after a test. */
  public Path kept() {
    return root.resolve("dist/e2e/target/e2e");
  }

  private static Path only(Path directory, String prefix) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix) && file.toString().endsWith(".jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(directory + " holds no " + prefix + " jar"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
