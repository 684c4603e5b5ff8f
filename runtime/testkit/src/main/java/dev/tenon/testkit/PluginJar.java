package dev.tenon.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Makes a plug-in's jar of compiled classes, since tests run before Maven has packaged any. Entries are
 * sorted and bear no time: the same classes make the same bytes. Not thread-safe.
 */
public final class PluginJar {
  private final Map<String, byte[]> entries = new TreeMap<>();
  private final Map<String, List<String>> services = new LinkedHashMap<>();

  private PluginJar() {}

  /** With nothing in it yet. */
  public static PluginJar empty() {
    return new PluginJar();
  }

  /** With everything below a folder, such as {@code target/classes}. */
  public static PluginJar of(Path classes) throws IOException {
    PluginJar jar = new PluginJar();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        jar.entries.put(classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    return jar;
  }

  /**
   * Adds a class as it stands on the class path, with those nested in it.
   *
   * @throws IOException when its class files lie in a jar or cannot be read
   */
  public PluginJar with(Class<?> type) throws IOException {
    String name = type.getName().replace('.', '/');
    Path file = file(type);
    try (Stream<Path> beside = Files.list(file.resolveSibling("."))) {
      for (Path each : beside.toList()) {
        String simple = String.valueOf(each.getFileName());
        if (simple.equals(type.getSimpleName() + ".class") || simple.startsWith(type.getSimpleName() + "$")) {
          entries.put(name.substring(0, name.lastIndexOf('/') + 1) + simple, Files.readAllBytes(each));
        }
      }
    }
    return this;
  }

  private static Path file(Class<?> type) throws IOException {
    var url = type.getResource(type.getSimpleName() + ".class");
    if (url == null || !url.getProtocol().equals("file")) {
      throw new IOException(type.getName() + " is not a class file in a folder of the class path");
    }
    return Path.of(java.net.URI.create(url.toString()));
  }

  /** Adds a class and names it as provider of a plug point, as a line in {@code META-INF/services} does. */
  public <T> PluginJar provides(Class<T> plugPoint, Class<? extends T> provider) throws IOException {
    services.computeIfAbsent(plugPoint.getName(), ignored -> new ArrayList<>()).add(provider.getName());
    return with(provider);
  }

  /** Adds any other entry. */
  public PluginJar entry(String name, InputStream content) throws IOException {
    entries.put(name, content.readAllBytes());
    return this;
  }

  /** Writes it in one step, over what lay there. */
  public Path write(Path jar) throws IOException {
    Map<String, byte[]> all = new TreeMap<>(entries);
    services.forEach((name, providers) ->
        all.put("META-INF/services/" + name, (String.join("\n", providers) + "\n").getBytes(StandardCharsets.UTF_8)));
    Path folder = jar.toAbsolutePath().getParent();
    Path whole = Files.createTempFile(folder, ".made", ".tmp");
    try (OutputStream out = Files.newOutputStream(whole); JarOutputStream written = new JarOutputStream(out)) {
      for (Map.Entry<String, byte[]> each : all.entrySet()) {
        JarEntry entry = new JarEntry(each.getKey());
        entry.setTime(0);
        written.putNextEntry(entry);
        written.write(each.getValue());
      }
    }
    return Files.move(whole, jar, java.nio.file.StandardCopyOption.ATOMIC_MOVE, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }
}
