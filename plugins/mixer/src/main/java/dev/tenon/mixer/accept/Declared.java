package dev.tenon.mixer.accept;

import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Finding.Severity;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.List;
import java.util.Optional;

/** Checks attributes that objects name outside of expressions. */
final class Declared {
  private final Vocabulary vocabulary;
  private final Expressions expressions;

  Declared(Vocabulary vocabulary, Expressions expressions) {
    this.vocabulary = vocabulary;
    this.expressions = expressions;
  }

  /** A manifest declares what there is, with the type that it has. */
  void manifest(ConfigObject object) {
    if (!(object.spec().entries().get("attributes") instanceof Node.Mapping attributes)) {
      return;
    }
    attributes.entries().forEach(
        (name, node) -> {
          String path = "spec.attributes." + name;
          Optional<Vocabulary.Attribute> known = known(name, node.at(), path);
          if (known.isPresent() && node instanceof Node.Mapping mapping && mapping.entries().get("valueType") instanceof Node.Text type) {
            type(known.get().type(), type, path + ".valueType");
          }
        });
  }

  private void type(ValueType known, Node.Text written, String path) {
    if (!known.name().equals(written.value())) {
      error(written.at(), path, "\"" + written.value() + "\" is not the type that requests give it, " + known + "; write that");
    }
  }

  /** A clause compares an attribute that is text. */
  void quotaSpec(ConfigObject object) {
    List<Node> rules = items(object.spec(), "rules");
    for (int i = 0; i < rules.size(); i++) {
      List<Node> matches = items(rules.get(i), "match");
      for (int j = 0; j < matches.size(); j++) {
        if (matches.get(j) instanceof Node.Mapping match && match.entries().get("clause") instanceof Node.Mapping clause) {
          String path = "spec.rules[" + i + "].match[" + j + "].clause.";
          clause.entries().forEach((name, node) -> text(name, node.at(), path + name));
        }
      }
    }
  }

  private void text(String name, Position at, String path) {
    known(name, at, path)
        .filter(each -> each.type() != ValueType.STRING)
        .ifPresent(each -> error(at, path, "is of the type " + each.type() + "; a clause compares STRING alone, so use the rule's match"));
  }

  private Optional<Vocabulary.Attribute> known(String name, Position at, String path) {
    Optional<Vocabulary.Attribute> known = vocabulary.find(name);
    if (known.isEmpty()) {
      List<String> near = vocabulary.near(name);
      error(
          at,
          path,
          "unknown attribute " + name + ": nothing in this mesh gives it a value"
              + (near.isEmpty() ? "; remove it" : "; near it: " + String.join(", ", near)));
    }
    return known;
  }

  private static List<Node> items(Node node, String field) {
    return node instanceof Node.Mapping mapping && mapping.entries().get(field) instanceof Node.Items list
        ? list.items()
        : List.of();
  }

  private void error(Position at, String path, String message) {
    expressions.add(Severity.ERROR, Codes.ATTRIBUTE, at, path, message);
  }
}
