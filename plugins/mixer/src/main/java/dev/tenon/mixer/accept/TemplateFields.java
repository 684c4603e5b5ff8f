package dev.tenon.mixer.accept;

import dev.tenon.mixer.accept.Accepted.Field;
import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.spi.config.Finding.Severity;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.Template;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The fields that templates have, and which types of value they take. */
final class TemplateFields {
  /** What can be looked for in a list: text of any kind, or an address. */
  private static final Set<ValueType> ENTRY =
      EnumSet.of(
          ValueType.STRING,
          ValueType.IP_ADDRESS,
          ValueType.DNS_NAME,
          ValueType.URI,
          ValueType.EMAIL_ADDRESS);

  /** Whatever is one value. */
  private static final Set<ValueType> ANY = EnumSet.complementOf(EnumSet.of(ValueType.STRING_MAP));

  private TemplateFields() {}

  /**
   * A field of a template.
   *
   * @param types of its value, or of the values in its map
   * @param many whether it is a map; a map may be left out
   */
  private record Shape(Set<ValueType> types, boolean many) {}

  /** The template of a name. */
  static Optional<Template> template(String wireName) {
    return Arrays.stream(Template.values())
        .filter(each -> each.wireName().equals(wireName))
        .findFirst();
  }

  /** All names, for messages. */
  static String known() {
    return Arrays.stream(Template.values())
        .map(Template::wireName)
        .collect(Collectors.joining(", "));
  }

  /** Compiles an instance's fields; what is wrong goes to {@code expressions}. */
  static Map<String, Field> compile(
      Template template, Node.Mapping params, String path, Expressions expressions) {
    Map<String, Shape> shapes = of(template);
    Map<String, Field> compiled = new HashMap<>();
    params.entries().forEach(
        (field, node) -> {
          String where = path + "." + field;
          Shape shape = shapes.get(field);
          if (shape == null) {
            unknown(template, shapes.keySet(), node.at(), where, expressions);
          } else if (shape.many()) {
            compiled.put(field, new Field.Many(many(node, where, shape.types(), expressions)));
          } else {
            one(node, where, shape.types(), expressions)
                .ifPresent(each -> compiled.put(field, new Field.One(each)));
          }
        });
    shapes.forEach(
        (field, shape) -> {
          if (shape.many()) {
            compiled.putIfAbsent(field, new Field.Many(Map.of()));
          } else if (!params.entries().containsKey(field)) {
            wrong(expressions, params.at(), path + "." + field, "is required");
          }
        });
    return compiled;
  }

  private static Optional<Compiled> one(
      Node node, String where, Set<ValueType> types, Expressions expressions) {
    if (node instanceof Node.Text text) {
      return expressions.compile(text.value(), node.at(), where, types, "this field takes " + types);
    }
    wrong(expressions, node.at(), where, "should be an expression; text within one has quotes of its own: '\"text\"'");
    return Optional.empty();
  }

  private static Map<String, Compiled> many(
      Node node, String where, Set<ValueType> types, Expressions expressions) {
    Map<String, Compiled> compiled = new HashMap<>();
    if (node instanceof Node.Mapping mapping) {
      mapping.entries().forEach(
          (key, value) ->
              one(value, where + "." + key, types, expressions).ifPresent(each -> compiled.put(key, each)));
    } else {
      wrong(expressions, node.at(), where, "should be a mapping of names to expressions");
    }
    return compiled;
  }

  private static Map<String, Shape> of(Template template) {
    return switch (template) {
      case CHECKNOTHING -> Map.of();
      case LISTENTRY -> Map.of("value", new Shape(ENTRY, false));
      case QUOTA -> Map.of("dimensions", new Shape(ANY, true));
    };
  }

  private static void wrong(Expressions expressions, Position at, String where, String message) {
    expressions.add(Severity.ERROR, "TEN0002", at, where, message);
  }

  private static void unknown(
      Template template, Set<String> known, Position at, String where, Expressions expressions) {
    expressions.add(
        Severity.ERROR,
        "TEN0001",
        at,
        where,
        "unknown field of the template " + template.wireName()
            + (known.isEmpty() ? ", which has none" : "; known here: " + String.join(", ", known)));
  }
}
