package dev.tenon.kernel.load;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.InvalidModuleDescriptorException;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** Reads what a jar declares: providers in {@code META-INF/services} and in its {@code module-info}. */
final class Declared {
  private static final String SERVICES = "META-INF/services/";
  private static final String SPI = "dev.tenon.spi.";
  private static final int LARGEST = 1 << 20;

  private Declared() {}

  /**
   * Its module descriptor, that of the highest release where it has several; null when it is no modular
   * jar.
   *
   * @throws Refused when there is one that cannot be read
   */
  static @Nullable ModuleDescriptor module(JarFile jar) throws IOException, Refused {
    ZipEntry entry = jar.getEntry("module-info.class");
    if (entry == null) {
      return null;
    }
    try {
      return ModuleDescriptor.read(new ByteArrayInputStream(read(jar, entry)));
    } catch (InvalidModuleDescriptorException e) {
      throw new Refused("has a module-info.class that cannot be read: " + e.getMessage() + "; build it for Java 25 or older", e);
    }
  }

  /** By spi interface, the classes that are named as its providers, each once. */
  static SequencedMap<String, List<String>> providers(JarFile jar, @Nullable ModuleDescriptor module) throws IOException, Refused {
    SequencedMap<String, SequencedSet<String>> found = new TreeMap<>();
    for (String file : names(jar, SERVICES + SPI, "")) {
      SequencedSet<String> classes = found.computeIfAbsent(file.substring(SERVICES.length()), ignored -> new LinkedHashSet<>());
      new String(read(jar, jar.getEntry(file)), StandardCharsets.UTF_8).lines()
          .map(each -> each.replaceFirst("#.*", "").strip()).filter(each -> !each.isEmpty()).forEach(classes::add);
    }
    if (module != null) {
      module.provides().stream().filter(each -> each.service().startsWith(SPI))
          .forEach(each -> found.computeIfAbsent(each.service(), ignored -> new LinkedHashSet<>()).addAll(each.providers()));
    }
    SequencedMap<String, List<String>> providers = new TreeMap<>();
    found.forEach((service, classes) -> providers.put(service, List.copyOf(classes)));
    return providers;
  }

  /** The files directly in a folder. */
  static List<String> names(JarFile jar, String prefix, String suffix) {
    List<String> names = new ArrayList<>();
    for (Enumeration<? extends ZipEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
      ZipEntry entry = entries.nextElement();
      String name = entry.getName();
      if (!entry.isDirectory() && name.startsWith(prefix) && name.endsWith(suffix) && name.indexOf('/', prefix.length()) < 0) {
        names.add(name);
      }
    }
    return names;
  }

  private static byte[] read(JarFile jar, ZipEntry entry) throws IOException, Refused {
    try (InputStream in = jar.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new Refused("holds " + entry.getName() + " of more than " + LARGEST + " bytes");
      }
      return bytes;
    }
  }
}
