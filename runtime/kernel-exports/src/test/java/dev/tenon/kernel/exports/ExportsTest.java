package dev.tenon.kernel.exports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the list of exports says of jars, and what keeps it from being made. */
class ExportsTest {
  @TempDir Path folder;

  /** A jar of public classes: {@code one.A}, or {@code one.A uses two.B} for one whose method returns the other. */
  private Path jar(String name, Map<String, String> headers, String... classes) throws IOException {
    Path work = Files.createTempDirectory(folder, "work");
    Map<String, Path> sources = new LinkedHashMap<>();
    for (String each : classes) {
      String[] words = each.split(" uses ");
      String body = words.length > 1 ? "public " + words[1] + " other() { return null; }" : "";
      write(work, sources, words[0], body);
      if (words.length > 1) {
        write(work, sources, words[1], "");
      }
    }
    Path made = compile(work, sources.values());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    headers.forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
    Path jar = folder.resolve(name);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String each : classes) {
        String file = each.split(" uses ")[0].replace('.', '/') + ".class";
        out.putNextEntry(new ZipEntry(file));
        Files.copy(made.resolve(file), out);
      }
    }
    return jar;
  }

  private static void write(Path work, Map<String, Path> sources, String type, String body) throws IOException {
    if (sources.containsKey(type)) {
      return;
    }
    int dot = type.lastIndexOf('.');
    Path file = work.resolve("src").resolve(type.replace('.', '/') + ".java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "package " + type.substring(0, dot) + "; public class " + type.substring(dot + 1) + " { " + body + " }");
    sources.put(type, file);
  }

  private static Path compile(Path work, Collection<Path> sources) throws IOException {
    Path classes = Files.createDirectory(work.resolve("classes"));
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      boolean done = javac.getTask(errors, files, null, List.of("-proc:none", "-d", classes.toString()), null,
          files.getJavaFileObjectsFromPaths(sources)).call();
      assertThat(done).as(errors.toString()).isTrue();
    }
    return classes;
  }

  private static Exports exports(String hidden, Path... jars) throws Exception {
    return Generate.read(hidden, Stream.of(jars).toList());
  }

  @Test
  void eachPackageIsListedBelowItsJarWithItsVersion() throws Exception {
    Path plain = jar("plain-1.4.2.jar", Map.of(), "one.A");
    Path bundle = jar("bundle-9.jar", Map.of("Bundle-Version", "2.0.0", "Export-Package", "two;version=\"2.7.0\""), "two.B", "two.inside.C");
    Exports exports = exports("", plain, bundle);
    assertThat(exports.problems()).isEmpty();
    assertThat(exports.text().lines()).containsSubsequence(
        "# jar: plain-1.4.2.jar", "one;version=\"1.4.2\"", "# jar: bundle-9.jar", "# kept: two.inside", "two;version=\"2.7.0\"");
  }

  @Test
  void aPackageInTwoJarsIsAProblem() throws Exception {
    Exports exports = exports("", jar("a-1.0.jar", Map.of(), "one.A"), jar("b-1.0.jar", Map.of(), "one.B"));
    assertThat(exports.problems()).singleElement().asString().contains("package one is split").contains("a-1.0.jar").contains("b-1.0.jar");
  }

  @Test
  void aSignatureThatNamesWhatIsNotExportedIsAProblem() throws Exception {
    Path open = jar("open-1.0.jar", Map.of(), "one.A uses kept.K");
    Path kept = jar("kept-1.0.jar", Map.of(), "kept.K");
    assertThat(exports("", open, kept).problems()).as("both are exported").isEmpty();
    Exports exports = exports("kept", open, kept);
    assertThat(exports.problems()).singleElement().asString().contains("package one of open-1.0.jar names kept");
    assertThat(exports.text()).contains("# kept: kept\n").doesNotContain("\nkept;version");
  }

  @Test
  void aJarWithoutAnyVersionIsRefused() throws Exception {
    Path nameless = jar("nameless.jar", Map.of(), "one.A");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> exports("", nameless)).hasMessageContaining("nameless.jar")
        .hasMessageContaining("no version");
  }
}
