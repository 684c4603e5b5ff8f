package dev.tenon.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes another build of a module: the same classes under another version. */
public final class Rebuild {
  private static final String BUNDLE = "Bundle-Version";
  private static final String PLAIN = "Implementation-Version";

  private Rebuild() {}

  /** The build that comes after the original: 0.1.0.SNAPSHOT becomes 0.1.1.demo. */
  static void of(Path original, Path copy) throws IOException {
    try (JarFile jar = new JarFile(original.toFile())) {
      int micro = Integer.parseInt(version(jar.getManifest()).split("\\.")[2]);
      write(jar, copy, micro + 1, "demo", entry -> true);
    }
  }

  /**
   * Any other build, of a bundle or of a plain jar.
   *
   * @param micro the third number of its version
   * @param kind the last word of its version
   * @param kept which entries it has
   */
  public static void of(Path original, Path copy, int micro, String kind, Predicate<String> kept) throws IOException {
    try (JarFile jar = new JarFile(original.toFile())) {
      write(jar, copy, micro, kind, kept);
    }
  }

  private static void write(JarFile jar, Path copy, int micro, String kind, Predicate<String> kept) throws IOException {
    Manifest manifest = new Manifest(jar.getManifest());
    String[] parts = version(manifest).split("\\.");
    Attributes attributes = manifest.getMainAttributes();
    attributes.putValue(
        attributes.getValue(BUNDLE) == null ? PLAIN : BUNDLE, parts[0] + "." + parts[1] + "." + micro + "." + kind);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
      Enumeration<JarEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        if (!entry.getName().equals(JarFile.MANIFEST_NAME) && kept.test(entry.getName())) {
          out.putNextEntry(new JarEntry(entry.getName()));
          try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(out);
          }
          out.closeEntry();
        }
      }
    }
  }

  private static String version(Manifest manifest) {
    Attributes attributes = manifest.getMainAttributes();
    String bundle = attributes.getValue(BUNDLE);
    String plain = attributes.getValue(PLAIN);
    return bundle != null ? bundle : plain != null ? plain : "0.1.0";
  }
}
