package dev.tenon.cli.module;

import dev.tenon.spi.lifecycle.Module;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The packages of spi that source code uses, with the versions that this command's spi has them in: what the header {@code Tenon-SPI} says. */
final class SpiPackages {
  private static final Pattern IMPORT = Pattern.compile("^import (?:static )?(dev\\.tenon\\.spi\\.[a-z]+)\\.", Pattern.MULTILINE);

  /** One clause of Export-Package: the package, then its attributes, in whose quotes commas may stand. */
  private static final Pattern EXPORT = Pattern.compile("(dev\\.tenon\\.spi\\.[a-z]+)((?:;[\\w:-]+=(?:\"[^\"]*\"|[^,;\"]*))*)");

  private static final Pattern VERSION = Pattern.compile(";version=\"?([\\w.-]+)");

  private SpiPackages() {}

  /** The header's value for these sources. */
  static String header(Collection<String> sources) throws IOException {
    Map<String, String> versions = versions();
    SortedMap<String, String> used = new TreeMap<>();
    for (String source : sources) {
      Matcher imports = IMPORT.matcher(source);
      while (imports.find()) {
        String name = imports.group(1);
        String version = versions.get(name);
        if (version == null) {
          throw new IOException(name + " is not in this command's spi; build it again");
        }
        used.put(name, version);
      }
    }
    return used.entrySet().stream().map(each -> each.getKey() + ";version=\"" + each.getValue() + "\"").collect(Collectors.joining(","));
  }

  private static Map<String, String> versions() throws IOException {
    Map<String, String> versions = new TreeMap<>();
    Manifest manifest = manifest();
    String exports = manifest == null ? null : manifest.getMainAttributes().getValue("Export-Package");
    Matcher clauses = EXPORT.matcher(exports == null ? "" : exports);
    while (clauses.find()) {
      Matcher version = VERSION.matcher(clauses.group(2));
      if (version.find()) {
        versions.put(clauses.group(1), version.group(1));
      }
    }
    return versions;
  }

  /** Of spi's jar, or of the folder that it is built from. */
  private static @Nullable Manifest manifest() throws IOException {
    Path place;
    try {
      place = Path.of(Module.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("the command does not know where its spi is", e);
    }
    if (Files.isDirectory(place)) {
      try (InputStream in = Files.newInputStream(place.resolve(JarFile.MANIFEST_NAME))) {
        return new Manifest(in);
      }
    }
    try (JarFile jar = new JarFile(place.toFile())) {
      return jar.getManifest();
    }
  }
}
