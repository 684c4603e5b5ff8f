package dev.tenon.mixer.accept;

import dev.tenon.mixer.accept.Accepted.Field;
import dev.tenon.mixer.accept.TemplateShapes.Shape;
import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.spi.config.Finding.Severity;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.Template;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles what instances give to the fields of their templates. */
final class TemplateFields {
  private final String owner;
  private final Expressions expressions;

  private TemplateFields(String owner, Expressions expressions) {
    this.owner = owner;
    this.expressions = expressions;
  }

  /** Compiles an instance's fields; what is wrong goes to {@code expressions}. */
  static Map<String, Field> compile(
      Template template, Node.Mapping params, String path, Expressions expressions) {
    Map<String, Node> named = new HashMap<>();
    boolean reports = template.variety() == Template.Variety.REPORT;
    TemplateFields fields =
        new TemplateFields("the template " + template.wireName(), reports ? expressions.whenOver() : expressions);
    params.entries().forEach(
        (written, node) -> {
          Optional<String> field = template.field(written);
          if (field.isEmpty()) {
            fields.unknown(template.fields(), node.at(), path + "." + written);
          } else if (named.putIfAbsent(field.get(), node) != null) {
            fields.wrong(node.at(), path + "." + written, "is given twice, as " + field.get() + " too; remove one");
          }
        });
    return fields.fields(TemplateShapes.of(template), named, params.at(), path);
  }

  private Map<String, Field> fields(Map<String, Shape> shapes, Map<String, Node> given, Position at, String path) {
    Map<String, Field> compiled = new HashMap<>();
    shapes.forEach(
        (field, shape) -> {
          String where = path + "." + field;
          Node node = given.get(field);
          switch (shape) {
            case Shape.One(Set<ValueType> types, boolean required) -> {
              if (node == null || blank(node)) {
                if (required) {
                  wrong(at, where, "is required");
                }
              } else {
                one(node, where, types).ifPresent(each -> compiled.put(field, new Field.One(each)));
              }
            }
            case Shape.Many(Set<ValueType> types) ->
                compiled.put(field, new Field.Many(node == null ? Map.of() : many(node, where, types)));
            case Shape.Nested(Map<String, Shape> own) ->
                compiled.put(field, new Field.Nested(nested(own, node, at, where)));
          }
        });
    return compiled;
  }

  private Map<String, Field> nested(Map<String, Shape> shapes, @Nullable Node node, Position at, String where) {
    if (node == null || node instanceof Node.Null) {
      return fields(shapes, Map.of(), at, where);
    }
    if (!(node instanceof Node.Mapping mapping)) {
      wrong(node.at(), where, "should be a mapping of " + String.join(", ", shapes.keySet()) + " to expressions");
      return Map.of();
    }
    mapping.entries().forEach(
        (name, value) -> {
          if (!shapes.containsKey(name)) {
            unknown(shapes.keySet(), value.at(), where + "." + name);
          }
        });
    return fields(shapes, mapping.entries(), mapping.at(), where);
  }

  /** Mixer took an empty expression for none. */
  private static boolean blank(Node node) {
    return node instanceof Node.Null || (node instanceof Node.Text text && text.value().isBlank());
  }

  private Optional<Compiled> one(Node node, String where, Set<ValueType> types) {
    if (node instanceof Node.Text text) {
      return expressions.compile(text.value(), node.at(), where, types, "this field takes " + types);
    }
    wrong(node.at(), where, "should be an expression; text within one has quotes of its own: '\"text\"'");
    return Optional.empty();
  }

  private Map<String, Compiled> many(Node node, String where, Set<ValueType> types) {
    Map<String, Compiled> compiled = new HashMap<>();
    if (node instanceof Node.Mapping mapping) {
      mapping.entries().forEach(
          (key, value) -> one(value, where + "." + key, types).ifPresent(each -> compiled.put(key, each)));
    } else if (!(node instanceof Node.Null)) {
      wrong(node.at(), where, "should be a mapping of names to expressions");
    }
    return compiled;
  }

  private void wrong(Position at, String where, String message) {
    expressions.add(Severity.ERROR, "TEN0002", at, where, message);
  }

  private void unknown(Set<String> known, Position at, String where) {
    expressions.add(
        Severity.ERROR,
        "TEN0001",
        at,
        where,
        "unknown field of " + owner
            + (known.isEmpty() ? ", which has none" : "; known here: " + String.join(", ", known)));
  }
}
