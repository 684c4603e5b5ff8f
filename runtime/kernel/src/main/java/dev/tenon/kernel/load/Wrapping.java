package dev.tenon.kernel.load;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;

/**
 * Makes a bundle of a plain jar: the jar unchanged on the bundle's class path, its libraries taken out
 * beside it, and whatever neither holds looked up in the platform.
 */
final class Wrapping {
  private static final String INNER = "plugin.jar";
  private static final long MOST_BYTES = 512L << 20;

  private Wrapping() {}

  /** Writes the bundle; streams, and stores without compressing twice. */
  static void wrap(Path jar, Jar facts, Path bundle) throws IOException {
    List<String> classPath = new ArrayList<>();
    classPath.add(INNER);
    classPath.addAll(facts.libraries());
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", "plain." + facts.module().replaceAll("[^A-Za-z0-9_.-]", "_"));
    headers.putValue("Bundle-ClassPath", String.join(",", classPath));
    headers.putValue("DynamicImport-Package", "*;bundle-symbolic-name=system.bundle");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(bundle), manifest);
        JarFile in = new JarFile(jar.toFile(), false)) {
      out.setLevel(0);
      out.putNextEntry(new ZipEntry(INNER));
      Files.copy(jar, out);
      long left = MOST_BYTES;
      for (String library : facts.libraries()) {
        ZipEntry entry = in.getEntry(library);
        out.putNextEntry(new ZipEntry(library));
        left = copy(in, entry, out, left);
      }
    }
  }

  private static long copy(JarFile in, ZipEntry entry, OutputStream out, long most) throws IOException {
    byte[] buffer = new byte[16_384];
    long left = most;
    CRC32 sum = new CRC32();
    try (var bytes = in.getInputStream(entry)) {
      for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
        left -= read;
        if (left < 0) {
          throw new ZipException("its libraries hold more than " + MOST_BYTES + " bytes");
        }
        sum.update(buffer, 0, read);
        out.write(buffer, 0, read);
      }
    }
    if (sum.getValue() != entry.getCrc()) {
      throw new ZipException(entry.getName() + " is damaged");
    }
    return left;
  }
}
