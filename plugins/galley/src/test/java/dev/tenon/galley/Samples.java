package dev.tenon.galley;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.galley.decode.Decoder;
import dev.tenon.galley.decode.Outcome;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Sample files from outside the repository, and short ways to decode text. */
public final class Samples {
  private Samples() {}

  /** A folder or file of the samples beside the repository; the test is skipped when it is absent. */
  public static Path path(String name) {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.isDirectory(directory.resolve("runtime").resolve("wire"))) {
      directory = directory.getParent();
    }
    Path path = directory == null ? Path.of(name) : directory.resolveSibling("shared").resolve("data").resolve(name);
    Path beside = directory == null || directory.getParent() == null ? path : directory.getParent().resolveSibling("shared").resolve("data").resolve(name);
    Path found = Files.exists(path) ? path : beside;
    assumeTrue(Files.exists(found), "the sample data of Istio is not beside the repository: " + path);
    return found;
  }

  public static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Decodes a text as apply does. */
  public static List<Outcome> decode(String origin, String yaml) {
    return Decoder.decode(new YamlText().parse(origin, yaml), "default", new YamlText());
  }

  /** All that is wrong in a text. */
  public static List<Finding> errors(String origin, String yaml) {
    return decode(origin, yaml).stream()
        .flatMap(each -> each instanceof Outcome.Bad bad ? bad.findings().stream() : java.util.stream.Stream.empty())
        .filter(each -> each.severity() == Finding.Severity.ERROR)
        .toList();
  }
}
