package dev.tenon.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes another build of a module: the same classes under a higher version. */
final class Rebuild {
  private static final String VERSION = "Bundle-Version";

  private Rebuild() {}

  static void of(Path original, Path copy) throws IOException {
    try (JarFile jar = new JarFile(original.toFile())) {
      Manifest manifest = new Manifest(jar.getManifest());
      Attributes attributes = manifest.getMainAttributes();
      attributes.putValue(VERSION, next(attributes.getValue(VERSION)));
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
        Enumeration<JarEntry> entries = jar.entries();
        while (entries.hasMoreElements()) {
          JarEntry entry = entries.nextElement();
          if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
            out.putNextEntry(new JarEntry(entry.getName()));
            try (InputStream in = jar.getInputStream(entry)) {
              in.transferTo(out);
            }
            out.closeEntry();
          }
        }
      }
    }
  }

  /** 0.1.0.SNAPSHOT becomes 0.1.1.demo. */
  private static String next(String version) {
    String[] parts = version.split("\\.");
    return parts[0] + "." + parts[1] + "." + (Integer.parseInt(parts[2]) + 1) + ".demo";
  }
}
