package dev.tenon.galley.publish;

import dev.tenon.galley.source.Directory;
import dev.tenon.galley.source.Disk;
import dev.tenon.galley.source.LastGood;
import dev.tenon.galley.source.LocalDisk;
import dev.tenon.galley.source.Sources;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.rules.DestinationRule;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.RuleSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Galley without its watch: a directory that is looked at when the test says so. */
final class Bench {
  final Path root;
  final Configuration configuration;
  final Editor editor;
  final Overview overview;
  final List<RuleSet> published = new ArrayList<>();

  Bench(Path root) {
    this(root, new LocalDisk());
  }

  Bench(Path root, Disk disk) {
    this.root = root;
    Directory directory = new Directory(root, disk);
    this.configuration = new Configuration(new Sources(directory, Set.of()), new LastGood(directory.own()), "cluster.local");
    this.editor = new Editor(configuration);
    this.overview = new Overview(configuration, new Living());
    configuration.rules().subscribe(published::add);
    configuration.parser(new YamlText());
  }

  /** Writes a file as an operator does by hand, and looks. */
  Bench file(String path, String yaml) {
    try {
      Path file = root.resolve(path);
      Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
      Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    configuration.scan();
    return this;
  }

  Bench remove(String path) {
    try {
      Files.delete(root.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    configuration.scan();
    return this;
  }

  RuleSet rules() {
    return published.getLast();
  }

  List<DestinationRule.Subset> subsetsOf(String name) {
    return java.util.Objects.requireNonNull(rules().destinationRules().get("default/" + name)).subsets();
  }

  List<PolicyRules.Rule> policyRules() {
    return java.util.Objects.requireNonNull(rules().policies().get("default")).rules();
  }

  Edit.Result apply(String... yamls) {
    return editor.apply(texts(yamls), false, false, "default");
  }

  static List<Edit.Text> texts(String... yamls) {
    List<Edit.Text> texts = new ArrayList<>();
    for (String yaml : yamls) {
      texts.add(new Edit.Text("apply" + texts.size() + ".yaml", yaml));
    }
    return texts;
  }

  List<String> findings() {
    return overview.findings().stream().map(each -> each.toString().replace(root.toAbsolutePath() + "/", "")).toList();
  }

  /** A route to a subset, and the rule that has it. */
  static String route(String name, String subset) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: %s}
        spec:
          hosts: [%s]
          http:
          - route: [{destination: {host: %s, subset: %s}}]
        """
        .formatted(name, name, name, subset);
  }

  static String subsets(String name, String... subsets) {
    StringBuilder yaml =
        new StringBuilder("apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: %s}\nspec:\n  host: %s\n  subsets:\n".formatted(name, name));
    for (String subset : subsets) {
      yaml.append("  - {name: ").append(subset).append(", labels: {version: ").append(subset).append("}}\n");
    }
    return yaml.toString();
  }
}
