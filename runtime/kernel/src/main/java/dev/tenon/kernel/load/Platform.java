package dev.tenon.kernel.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;

/**
 * What the platform's jars hold, as the build listed it. Read when something does not fit; the framework
 * reads the same list at the start.
 */
final class Platform {
  private static final Pattern EXPORT = Pattern.compile("([\\w.]+)(?:;version=\"([^\"]+)\")?");
  private static final String JAR = "# jar: ";
  private static final String KEPT = "# kept: ";

  /** A package, its version, and the jar that it is in; empty where the list does not say. */
  record Export(Version version, String jar) {
    @Override
    public String toString() {
      return version + (jar.isEmpty() ? "" : " (" + jar + ")");
    }
  }

  private final Map<String, Export> exports = new HashMap<>();
  private final Map<String, String> kept = new HashMap<>();

  private Platform() {}

  /** Reads the list. */
  static Platform read(Path list) throws IOException {
    Platform platform = new Platform();
    String jar = "";
    for (String line : Files.readAllLines(list)) {
      Matcher export = EXPORT.matcher(line.strip());
      if (line.startsWith(JAR)) {
        jar = line.substring(JAR.length()).strip();
      } else if (line.startsWith(KEPT)) {
        platform.kept.put(line.substring(KEPT.length()).strip(), jar);
      } else if (export.matches()) {
        platform.exports.put(export.group(1), new Export(Version.parseVersion(export.group(2)), jar));
      }
    }
    return platform;
  }

  /** A package that modules are given. */
  @Nullable Export export(String name) {
    return exports.get(name);
  }

  /** The jar that holds a package for itself alone. */
  @Nullable String keeper(String name) {
    return kept.get(name);
  }
}
