package dev.tenon.cli.policy;

import dev.tenon.cli.client.Refused;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.policy.Expressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One expression with its attributes, and what it should give, as far as that is said.
 *
 * @param vocabulary types by attribute; empty for the standard ones
 * @param expected {@code type}, {@code result}, {@code referenced}, and {@code compileError} or {@code
 *     evaluationError}, of which only the presence counts
 */
record Trial(String expression, String set, Map<String, String> vocabulary, GivenAttributes input, Node.Mapping expected) {
  /**
   * Reads one case of a table.
   *
   * @param sets vocabularies by name
   */
  static Trial read(Node node, Map<String, Map<String, String>> sets) {
    if (!(node instanceof Node.Mapping mapping) || !(mapping.entries().get("expression") instanceof Node.Text expression)) {
      throw new Refused(node.at() + ": a case is a mapping with an expression");
    }
    String set = mapping.entries().get("attributes") instanceof Node.Text name ? name.value() : "";
    Map<String, String> vocabulary = set.isEmpty() ? Map.of() : sets.get(set);
    if (vocabulary == null) {
      throw new Refused(mapping.at() + ": attributes: there is no set named " + set + "; there are " + sets.keySet()
          + "; give the file that has it with --attributes");
    }
    Node input = mapping.entries().get("input");
    return new Trial(expression.value(), set, vocabulary,
        new GivenAttributes(input instanceof Node.Mapping values ? Written.values(values) : Map.of()), mapping);
  }

  /** What came of it, as a row. */
  Map<String, Object> run(Expressions language) {
    return row(language.evaluate(expression, vocabulary, input));
  }

  /** The same with the names of what differs from what was expected. */
  Map<String, Object> compare(Expressions language) {
    Expressions.Answer answer = language.evaluate(expression, vocabulary, input);
    Map<String, Object> row = row(answer);
    row.put("differs", differs(answer));
    return row;
  }

  private Map<String, Object> row(Expressions.Answer answer) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("expression", expression);
    if (!set.isEmpty()) {
      row.put("attributes", set);
    }
    row.put("type", answer.type());
    if (answer.value() != null) {
      row.put("result", Written.form(answer.value()));
    }
    row.put("referenced", answer.referenced());
    row.put("errorClass", errorClass(answer.fault()));
    if (!answer.reason().isEmpty()) {
      row.put("error", answer.reason());
    }
    return row;
  }

  private List<String> differs(Expressions.Answer answer) {
    List<String> differs = new ArrayList<>();
    boolean compiles = !expected.entries().containsKey("compileError");
    boolean gives = compiles && !expected.entries().containsKey("evaluationError");
    if (!errorClass(answer.fault()).equals(compiles ? gives ? "none" : "evaluationError" : "compileError")) {
      differs.add("errorClass");
    }
    if (compiles && said("type") instanceof Node.Text type && !type.value().equals(answer.type())) {
      differs.add("type");
    }
    Node result = said("result");
    if (gives && result != null && !Objects.equals(Written.value(result), answer.value())) {
      differs.add("result");
    }
    if (compiles && said("referenced") instanceof Node.Items names && !Set.copyOf(answer.referenced()).equals(texts(names))) {
      differs.add("referenced");
    }
    return differs;
  }

  private @Nullable Node said(String field) {
    Node node = expected.entries().get(field);
    return node instanceof Node.Null ? null : node;
  }

  private static Set<String> texts(Node.Items names) {
    Set<String> texts = new LinkedHashSet<>();
    names.items().forEach(each -> texts.add(String.valueOf(Written.value(each))));
    return texts;
  }

  private static String errorClass(Expressions.Fault fault) {
    return switch (fault) {
      case NONE -> "none";
      case COMPILE -> "compileError";
      case EVALUATION -> "evaluationError";
    };
  }
}
