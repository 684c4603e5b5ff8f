package dev.tenon.mixer.accept;

import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.mixer.check.Vocabulary.Attribute;
import dev.tenon.mixer.check.Vocabulary.Seen;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.spi.config.Finding.Severity;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.policy.Template;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles what attributes an instance binds to what its adapter says, {@code $out.field} or {@code output.field}. */
public final class Bindings {
  /** What stands before an output's name once it can be parsed; as long as {@code $out.}, for columns' sake. */
  static final String OUTPUT = "_out.";

  private static final String WRITTEN = "$out.";

  private Bindings() {}

  /** The output that a name in a binding means. */
  public static String output(String name) {
    return name.substring(name.indexOf('.') + 1);
  }

  /**
   * Compiles an instance's bindings; what is wrong goes to {@code findings}.
   *
   * @param vocabulary whose attributes may be bound
   */
  static Map<String, Compiled> compile(
      Template template, Node.Mapping bindings, String path, Vocabulary vocabulary, Expressions findings) {
    Map<String, Compiled> compiled = new LinkedHashMap<>();
    if (bindings.entries().isEmpty()) {
      return compiled;
    }
    Map<String, ValueType> outputs = TemplateShapes.outputs(template);
    if (outputs.isEmpty()) {
      findings.add(
          Severity.ERROR, "TEN0002", bindings.at(), path, "the template " + template.wireName() + " makes no attributes; remove it");
      return compiled;
    }
    Expressions own = new Expressions(new Vocabulary(names(outputs)));
    bindings.entries().forEach(
        (attribute, node) -> {
          String where = path + "." + attribute;
          Optional<Attribute> known = vocabulary.find(attribute);
          if (known.isEmpty()) {
            List<String> near = vocabulary.near(attribute);
            findings.add(
                Severity.ERROR, Codes.EXPRESSION, node.at(), where,
                "there is no attribute " + attribute + (near.isEmpty() ? "; bind one that requests have" : "; near: " + String.join(", ", near)));
          } else if (node instanceof Node.Text text) {
            ValueType type = known.get().type();
            own.compile(
                    text.value().replace(WRITTEN, OUTPUT), node.at(), where, EnumSet.of(type),
                    "the attribute " + attribute + " is a " + type)
                .ifPresent(each -> compiled.put(attribute, each));
          } else {
            findings.add(Severity.ERROR, "TEN0002", node.at(), where, "should be an expression like $out.source_pod_name");
          }
        });
    own.findings().forEach(
        each -> findings.add(each.severity(), each.code(), each.at(), each.field(), each.message().replace(OUTPUT, WRITTEN)));
    return compiled;
  }

  private static Map<String, Attribute> names(Map<String, ValueType> outputs) {
    Map<String, Attribute> names = new HashMap<>();
    outputs.forEach(
        (name, type) -> {
          names.put(OUTPUT + name, new Attribute(type, Seen.CHECK));
          names.put("output." + name, new Attribute(type, Seen.CHECK));
        });
    return names;
  }
}
