package dev.tenon.cli.module;

import dev.tenon.cli.client.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;

/**
 * A Maven project for a plug-in: one of the samples under another name, with a pom of its own.
 *
 * @param name of the plug-in
 * @param javaPackage of its class
 */
record Project(PluginKind kind, String name, String javaPackage) {
  private static final String SAMPLES = "dev.tenon.samples.";

  /** Checks the names. */
  Project {
    if (!name.matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?")) {
      throw new Refused("\"" + name + "\" is no plug-in's name: lower-case letters, digits and hyphens, a letter first, at most 63");
    }
    if (!SourceVersion.isName(javaPackage, SourceVersion.latest())) {
      throw new Refused("\"" + javaPackage + "\" is no Java package; give one with --package");
    }
  }

  /** The name of its class: the plug-in's, in Java's spelling. */
  String type() {
    return Arrays.stream(name.split("-"))
        .filter(word -> !word.isEmpty())
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining());
  }

  /** Writes it into a folder that is empty or not there yet. */
  void write(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new DirectoryNotEmptyException(folder.toString());
        }
      }
    }
    for (Map.Entry<String, String> file : files().entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.writeString(path, file.getValue());
    }
  }

  /** Contents by path. */
  Map<String, String> files() throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String path : sources()) {
      sources.put(renamedPath(path), renamed(resource("samples/" + kind.sample() + "/" + path)));
    }
    String spi = SpiPackages.header(sources.entrySet().stream().filter(each -> each.getKey().startsWith("src/main/java/")).map(Map.Entry::getValue).toList());
    Map<String, String> files = new LinkedHashMap<>();
    files.put("pom.xml", filled(resource("pom.xml.template")).replace("{{spi}}", spi));
    files.put("README.md", filled(resource("README.md.template")));
    files.putAll(sources);
    return files;
  }

  private List<String> sources() {
    String packageFolder = folder(SAMPLES + kind.sample());
    return List.of(
        "src/main/java/" + packageFolder + "/" + kind.type() + ".java",
        "src/test/java/" + packageFolder + "/" + kind.type() + "Test.java",
        "src/main/resources/META-INF/services/" + kind.service());
  }

  private String renamedPath(String path) {
    return path.replace(folder(SAMPLES + kind.sample()), folder(javaPackage)).replaceAll("\\b" + kind.type(), type());
  }

  private static String folder(String name) {
    return name.replace('.', '/');
  }

  private String filled(String template) {
    return template
        .replace("{{package}}", javaPackage)
        .replace("{{name}}", name)
        .replace("{{kind}}", kind.toString())
        .replace("{{sample}}", kind.sample())
        .replace("{{class}}", type());
  }

  private String renamed(String source) {
    return source
        .replace(SAMPLES + kind.sample(), javaPackage)
        .replaceAll("\\b" + kind.type() + "(?=\\b|Test\\b)", type())
        .replaceAll("\\b" + kind.sample() + "\\b", name);
  }

  private static String resource(String path) throws IOException {
    try (InputStream in = Project.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException(path + " is missing from the command's jar; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
