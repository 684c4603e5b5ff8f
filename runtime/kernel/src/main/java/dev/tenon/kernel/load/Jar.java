package dev.tenon.kernel.load;

import dev.tenon.kernel.plan.Facts;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * What is to be known of a jar before any of its code runs.
 *
 * @param module the name of the module or plug-in
 * @param version of it
 * @param hash names its content
 * @param bundle has OSGi metadata
 * @param activator has an activator that registers a module
 * @param providers by spi interface, the classes that it names as providers
 * @param libraries the jars inside it, below {@code lib/}
 * @param coexist whether versions of it run side by side ({@code Tenon-Coexist: true})
 * @param needs the modules that it needs ({@code Tenon-Needs: a, b})
 * @param offers the spi interfaces that its module will offer, where it says so ({@code Tenon-Offers: x, y})
 */
public record Jar(
    String module,
    String version,
    String hash,
    boolean bundle,
    boolean activator,
    SequencedMap<String, List<String>> providers,
    List<String> libraries,
    boolean coexist,
    List<String> needs,
    List<String> offers) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}");
  private static final Pattern FILE = Pattern.compile("(.+?)(?:-(\\d[\\w.+-]*))?\\.jar");

  public Jar {
    providers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(providers));
    libraries = List.copyOf(libraries);
    needs = List.copyOf(needs);
    offers = List.copyOf(offers);
  }

  /** What a plan is made of. */
  public Facts facts() {
    return new Facts(module, version, hash, activator ? List.of() : List.copyOf(providers.keySet()), coexist, needs);
  }

  /**
   * Looks into a jar.
   *
   * @param name the file's name, which names a plain plug-in
   * @throws Refused when it is damaged or holds nothing that the kernel could run
   */
  public static Jar read(Path file, String name) throws IOException, Refused {
    String hash = Archive.hash(file);
    try (JarFile jar = new JarFile(file.toFile(), false, ZipFile.OPEN_READ, JarFile.runtimeVersion())) {
      return of(jar, name, hash);
    } catch (java.util.zip.ZipException e) {
      throw new Refused("is damaged: " + e.getMessage() + "; build or copy it again", e);
    }
  }

  private static Jar of(JarFile jar, String name, String hash) throws IOException, Refused {
    Manifest manifest = jar.getManifest();
    Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
    String symbolic = headers.getValue("Bundle-SymbolicName");
    boolean bundle = symbolic != null && headers.getValue("Bundle-ManifestVersion") != null;
    boolean activator = bundle && headers.getValue("Bundle-Activator") != null;
    ModuleDescriptor named = Declared.module(jar);
    SequencedMap<String, List<String>> providers = Declared.providers(jar, named);
    if (!activator && providers.isEmpty()) {
      throw new Refused("offers nothing: it has neither a Bundle-Activator nor a file META-INF/services/dev.tenon.spi.… nor a"
          + " module-info that provides a dev.tenon.spi interface; add the one that fits");
    }
    Matcher fileName = FILE.matcher(name);
    boolean known = fileName.matches();
    String version = first(headers.getValue("Bundle-Version"), headers.getValue("Implementation-Version"),
        named == null ? null : named.rawVersion().orElse(null), known ? fileName.group(2) : null, "0");
    String module = first(headers.getValue("Tenon-Module"), bundle ? symbolic(symbolic) : null,
        named == null ? null : named.name(), headers.getValue("Automatic-Module-Name"), known ? fileName.group(1) : name);
    if (!NAME.matcher(module).matches() || !NAME.matcher(version).matches()) {
      throw new Refused("is called \"" + module + "\" in version \"" + version + "\"; names and versions are made of at most 100 "
          + "letters, digits, dots, dashes, plus and underline");
    }
    return new Jar(module, version, hash, bundle, activator, providers, Declared.names(jar, "lib/", ".jar"),
        "true".equalsIgnoreCase(first(headers.getValue("Tenon-Coexist"), "false")), names(headers.getValue("Tenon-Needs")),
        names(headers.getValue("Tenon-Offers")));
  }

  private static List<String> names(@Nullable String header) {
    return header == null ? List.of()
        : Pattern.compile(",").splitAsStream(header).map(String::strip).filter(each -> !each.isEmpty()).distinct().toList();
  }

  private static String symbolic(@Nullable String header) {
    return String.valueOf(header).replaceFirst(";.*", "").strip().replaceFirst("^tenon-", "");
  }

  private static String first(@Nullable String... values) {
    for (String value : values) {
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    throw new IllegalArgumentException("none given");
  }
}
