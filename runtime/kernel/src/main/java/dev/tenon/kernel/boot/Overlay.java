package dev.tenon.kernel.boot;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Lays settings over settings: mappings merge deeply, everything else replaces. */
final class Overlay {
  private Overlay() {}

  static Node.Mapping merge(Node.Mapping below, Node.Mapping above) {
    SequencedMap<String, Node> entries = new LinkedHashMap<>(below.entries());
    above.entries().forEach((name, value) -> {
      Node old = entries.get(name);
      entries.put(name,
          old instanceof Node.Mapping from && value instanceof Node.Mapping to ? merge(from, to) : value);
    });
    return new Node.Mapping(entries, above.entries().isEmpty() ? below.at() : above.at());
  }

  /**
   * Reads {@code a.b.c=value}, the value as YAML: {@code kernel.loops=2}, {@code modules=[proxy]}.
   *
   * @throws BadConfig when it has another form
   */
  static Node.Mapping assignment(String text) {
    int equals = text.indexOf('=');
    String path = equals < 0 ? text : text.substring(0, equals);
    Position at = Position.of("--set " + path);
    List<String> names = List.of(path.split("\\.", -1));
    if (equals < 1 || names.stream().anyMatch(String::isBlank)) {
      throw new BadConfig(List.of(YamlText.finding(at, "should look like kernel.loops=2: names with dots, an equals sign, a value")));
    }
    List<Node> values = new YamlText().parse(at.origin(), text.substring(equals + 1));
    if (values.size() > 1) {
      throw new BadConfig(List.of(YamlText.finding(at, "holds several documents; give one value")));
    }
    Node node = values.isEmpty() ? new Node.Text("", at) : placed(values.getFirst(), at);
    for (String name : names.reversed()) {
      SequencedMap<String, Node> entry = new LinkedHashMap<>();
      entry.put(name, node);
      node = new Node.Mapping(entry, at);
    }
    return (Node.Mapping) node;
  }

  /** An assignment is one line: a column in it would only puzzle. */
  private static Node placed(Node node, Position at) {
    return switch (node) {
      case Node.Text text -> new Node.Text(text.value(), at);
      case Node.Numeric number -> new Node.Numeric(number.value(), at);
      case Node.Truth truth -> new Node.Truth(truth.value(), at);
      case Node.Null ignored -> new Node.Null(at);
      case Node.Items items -> items;
      case Node.Mapping mapping -> mapping;
    };
  }
}
