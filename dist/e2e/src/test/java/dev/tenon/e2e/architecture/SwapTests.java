package dev.tenon.e2e.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every module in the tree has a test that replaces it under load. */
final class SwapTests {
  /** Samples and benchmarks do not ship; they show or measure, each in its own test. */
  private static final Set<String> BESIDE = Set.of("dist", "target", "src", ".git");

  private static final Pattern ARTIFACT = Pattern.compile("</parent>.*?<artifactId>([^<]+)</artifactId>", Pattern.DOTALL);

  private SwapTests() {}

  /** The modules that no test claims. */
  static Set<String> missing(Path tree, Stream<Class<?>> tests) {
    Set<String> modules = modules(tree);
    tests.map(test -> test.getAnnotation(Swaps.class)).forEach(swaps -> {
      if (swaps != null) {
        modules.removeAll(List.of(swaps.value()));
      }
    });
    return modules;
  }

  /** The artifacts of all folders that hold a module: a bundle, or a plain jar with services of spi. */
  static Set<String> modules(Path tree) {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> folders = Files.walk(tree, 3)) {
      for (Path folder : folders.filter(Files::isDirectory).filter(each -> shipped(tree.relativize(each))).toList()) {
        if (isModule(folder)) {
          found.add(artifact(folder.resolve("pom.xml")));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static boolean shipped(Path folder) {
    for (Path name : folder) {
      if (BESIDE.contains(name.toString())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isModule(Path folder) throws IOException {
    if (Files.notExists(folder.resolve("pom.xml"))) {
      return false;
    }
    Path bundle = folder.resolve("bnd.bnd");
    if (Files.exists(bundle) && Files.readString(bundle).contains("Bundle-Activator")) {
      return true;
    }
    Path services = folder.resolve("src/main/resources/META-INF/services");
    if (Files.notExists(services)) {
      return false;
    }
    try (Stream<Path> files = Files.list(services)) {
      return files.anyMatch(each -> String.valueOf(each.getFileName()).startsWith("dev.tenon.spi."));
    }
  }

  private static String artifact(Path pom) throws IOException {
    Matcher matcher = ARTIFACT.matcher(Files.readString(pom));
    if (!matcher.find()) {
      throw new IOException(pom + " has no artifactId after its parent");
    }
    return matcher.group(1);
  }
}
