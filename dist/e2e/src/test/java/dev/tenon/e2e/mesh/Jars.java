package dev.tenon.e2e.mesh;

import dev.tenon.cli.demo.Rebuild;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Jars for a drop folder: good, other builds of a module, and broken in one way each. */
public final class Jars {
  private Jars() {}

  /** A jar with one class and, unless it is empty, one line in META-INF/services. */
  public static Path plain(Path jar, Class<?> type, String service) throws IOException {
    String path = type.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        InputStream bytes = type.getResourceAsStream("/" + path)) {
      if (bytes == null) {
        throw new IOException(path + " is not on the class path");
      }
      out.putNextEntry(new JarEntry(path));
      bytes.transferTo(out);
      out.closeEntry();
      if (!service.isEmpty()) {
        out.putNextEntry(new JarEntry("META-INF/services/" + service));
        out.write((type.getName() + "\n").getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    return jar;
  }

  /** The first half of a jar. */
  public static Path truncated(Path jar, Path original) throws IOException {
    byte[] bytes = Files.readAllBytes(original);
    Files.write(jar, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    return jar;
  }

  /**
   * A module's other build: its entries under another version.
   *
   * @param micro the third number of its version
   * @param kept which entries it has
   */
  public static Path rebuilt(Path jar, Path original, int micro, Predicate<String> kept) throws IOException {
    Rebuild.of(original, jar, micro, "e2e", kept);
    return jar;
  }

  /** Puts a finished jar into a process's drop folder under a name, whole from the first moment. */
  public static Path drop(Path jar, Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    return Files.move(jar, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
