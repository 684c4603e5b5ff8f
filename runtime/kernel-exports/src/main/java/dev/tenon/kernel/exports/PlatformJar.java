package dev.tenon.kernel.exports;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.OSGiHeader;
import aQute.bnd.header.Parameters;
import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Descriptors.PackageRef;
import aQute.bnd.osgi.Jar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one jar of the platform holds.
 *
 * @param name of the file
 * @param exports packages with classes that others may use, with their versions
 * @param hidden packages with classes that nobody else may use
 * @param uses for each exported package those that its public signatures name
 */
record PlatformJar(
    String name, Map<String, String> exports, Set<String> hidden, Map<String, Set<String>> uses) {
  private static final Pattern PRIVATE = Pattern.compile("(^|.*\\.)(shaded|internal\\.shaded|repackaged)(\\..*|$)");
  private static final Pattern VERSION = Pattern.compile("-(\\d+(?:\\.\\w+)*(?:[.-]\\w+)*?)(?:-linux-\\w+)?\\.jar$");

  static PlatformJar read(Path file) throws Exception {
    String name = String.valueOf(file.getFileName());
    try (Analyzer analyzer = new Analyzer(new Jar(file.toFile()))) {
      Jar jar = analyzer.getJar();
      analyzer.setProperty(Constants.NOCLASSFORNAME, "true");
      analyzer.setProperty(Constants.EXPORT_PACKAGE, "*");
      analyzer.analyze();
      Map<String, String> exports = new TreeMap<>();
      Set<String> hidden = new TreeSet<>();
      Parameters declared = declared(jar.getManifest());
      String version = version(name, jar.getManifest());
      for (PackageRef held : analyzer.getContained().keySet()) {
        String each = held.getFQN();
        if (each.isEmpty() || each.equals(".") || held.isMetaData() || !hasClasses(jar, held.getPath())) {
          continue;
        }
        Attrs attributes = declared == null ? null : declared.get(each);
        if (PRIVATE.matcher(each).matches() || (declared != null && attributes == null)) {
          hidden.add(each);
        } else {
          String own = attributes == null ? null : attributes.getVersion();
          exports.put(each, own == null ? version : Analyzer.cleanupVersion(own));
        }
      }
      return new PlatformJar(name, exports, hidden, uses(analyzer, exports.keySet()));
    }
  }

  /** The same jar as one that exports nothing. */
  PlatformJar kept() {
    Set<String> all = new TreeSet<>(hidden);
    all.addAll(exports.keySet());
    return new PlatformJar(name, Map.of(), all, Map.of());
  }

  private static boolean hasClasses(Jar jar, String folder) {
    Map<String, ?> files = jar.getDirectory(folder);
    return files != null
        && files.keySet().stream().anyMatch(each -> each.endsWith(".class") && !each.endsWith("package-info.class"));
  }

  private static Map<String, Set<String>> uses(Analyzer analyzer, Set<String> exported) {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (Map.Entry<PackageRef, java.util.List<PackageRef>> entry : analyzer.getAPIUses().entrySet()) {
      String from = entry.getKey().getFQN();
      if (exported.contains(from)) {
        Set<String> named = new TreeSet<>();
        entry.getValue().forEach(each -> named.add(each.getFQN()));
        uses.put(from, named);
      }
    }
    return uses;
  }

  private static @Nullable Parameters declared(@Nullable Manifest manifest) {
    String header = manifest == null ? null : manifest.getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
    return header == null ? null : OSGiHeader.parseHeader(header);
  }

  private static String version(String name, @Nullable Manifest manifest) throws IOException {
    String own = manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_VERSION);
    if (own != null) {
      return Analyzer.cleanupVersion(own);
    }
    Matcher matcher = VERSION.matcher(name);
    if (!matcher.find()) {
      throw new IOException(name + ": no Bundle-Version, and no version in the file's name");
    }
    return Analyzer.cleanupVersion(matcher.group(1));
  }
}
