package dev.tenon.mixer.accept;

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

  private TemplateFields() {}

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
  static Map<String, Compiled> compile(
      Template template, Node.Mapping params, String path, Expressions expressions) {
    Map<String, Set<ValueType>> fields = of(template);
    Map<String, Compiled> compiled = new HashMap<>();
    params.entries().forEach(
        (field, node) -> {
          String where = path + "." + field;
          Set<ValueType> wanted = fields.get(field);
          if (wanted == null) {
            unknown(template, fields.keySet(), node.at(), where, expressions);
          } else if (node instanceof Node.Text text) {
            expressions
                .compile(text.value(), node.at(), where, wanted, "this field takes " + wanted)
                .ifPresent(each -> compiled.put(field, each));
          } else {
            expressions.add(
                Severity.ERROR,
                "TEN0002",
                node.at(),
                where,
                "should be an expression; text within one has quotes of its own: '\"text\"'");
          }
        });
    for (String field : fields.keySet()) {
      if (!params.entries().containsKey(field)) {
        expressions.add(
            Severity.ERROR, "TEN0002", params.at(), path + "." + field, "is required");
      }
    }
    return compiled;
  }

  private static Map<String, Set<ValueType>> of(Template template) {
    return switch (template) {
      case CHECKNOTHING -> Map.of();
      case LISTENTRY -> Map.of("value", ENTRY);
    };
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
