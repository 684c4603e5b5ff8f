package dev.tenon.kernel.boot;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Builds jars of source texts, as a plug-in's author would with javac and jar. */
final class Jars {
  private final Path work;
  private final Map<String, Path> sources = new LinkedHashMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final List<String> left = new ArrayList<>();

  Jars(Path work) {
    this.work = work;
  }

  /** A public class in the package {@code sample}. */
  Jars source(String name, String text) throws IOException {
    Path file = Files.createDirectories(work.resolve("src/sample")).resolve(name + ".java");
    Files.writeString(file, "package sample;\n" + text);
    sources.put(name, file);
    return this;
  }

  /** A source with a package of its own, or a {@code module-info.java}; by its path. */
  Jars java(String path, String text) throws IOException {
    Path file = work.resolve("src").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    sources.put(path, file);
    return this;
  }

  Jars header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  Jars file(String name, String text) {
    files.put(name, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return this;
  }

  Jars file(String name, Path content) throws IOException {
    files.put(name, Files.readAllBytes(content));
    return this;
  }

  /** Compiles against a class, but leaves it out. */
  Jars without(String entry) {
    left.add(entry);
    return this;
  }

  /** As {@code bnd} would write the manifest of a module. */
  Jars bundle(String name) {
    return header("Bundle-ManifestVersion", "2")
        .header("Bundle-SymbolicName", "tenon-" + name)
        .header("Bundle-Version", "1.0.0")
        .header("Bundle-Activator", "sample.Activator")
        .header("Import-Package", "org.osgi.framework,dev.tenon.spi.lifecycle;version=\"[1.0,2)\","
            + "dev.tenon.spi.ports;version=\"[1.0,2)\",io.netty.buffer,io.netty.channel,io.netty.util,io.netty.util.concurrent");
  }

  /** A bundle whose activator registers {@code new sample.Sample()}. */
  Jars module(String name, String body) throws IOException {
    return bundle(name)
        .source("Activator", """
            public final class Activator implements org.osgi.framework.BundleActivator {
              public void start(org.osgi.framework.BundleContext context) {
                context.registerService(dev.tenon.spi.lifecycle.Module.class, new Sample(), null);
              }
              public void stop(org.osgi.framework.BundleContext context) {}
            }
            """)
        .source("Sample", """
            import dev.tenon.spi.lifecycle.*;
            import dev.tenon.spi.lifecycle.Module;
            import java.util.concurrent.*;
            import java.util.function.Supplier;
            public final class Sample implements Module {
              public String name() { return "%s"; }
              public Running start(ModuleContext context) throws Exception {
            %s
              }
            }
            """.formatted(name, body));
  }

  /** Writes the jar, not in one piece at its place: it is moved there when it is whole. */
  Path write(Path jar) {
    try {
      Path classes = compile();
      Path whole = Files.createTempFile(work, "made", ".tmp");
      try (OutputStream out = Files.newOutputStream(whole); JarOutputStream entries = new JarOutputStream(out, manifest())) {
        List<Path> made;
        try (Stream<Path> walk = Files.walk(classes)) {
          made = new ArrayList<>(walk.filter(Files::isRegularFile).sorted().toList());
        }
        for (Path each : made) {
          files.put(classes.relativize(each).toString(), Files.readAllBytes(each));
        }
        files.keySet().removeAll(left);
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
          entries.putNextEntry(new JarEntry(each.getKey()));
          entries.write(each.getValue());
        }
      }
      Files.createDirectories(jar.getParent());
      return Files.move(whole, jar, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Manifest manifest() {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
    return manifest;
  }

  private Path compile() throws IOException {
    Path classes = Files.createTempDirectory(work, "classes");
    if (sources.isEmpty()) {
      return classes;
    }
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
      // A named module sees spi as one; all others see it and Netty on the class path.
      List<String> options = sources.containsKey("module-info.java")
          ? List.of("-d", classes.toString(), "-proc:none", "--module-path", spi())
          : List.of("-d", classes.toString(), "-proc:none", "-classpath",
              System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
      if (!javac.getTask(errors, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources.values())).call()) {
        throw new IOException("a test's source does not compile: " + errors);
      }
    }
    return classes;
  }

  private static String spi() throws IOException {
    try {
      return Path.of(dev.tenon.spi.lifecycle.Module.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (java.net.URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
