package dev.tenon.mixer.accept;

import dev.tenon.mixer.check.Spelling;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Finding.Severity;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Validator;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what an object of policy means before it is accepted: expressions compile, and an adapter that
 * is installed takes its parameters. The shape of the objects is galley's to check.
 */
public final class PolicyValidator implements Validator {
  private static final String GROUP = "config.istio.io/";

  private final Vocabulary vocabulary;
  private final Installed installed;

  public PolicyValidator(Vocabulary vocabulary, Installed installed) {
    this.vocabulary = vocabulary;
    this.installed = installed;
  }

  @Override
  public Set<String> kinds() {
    return Set.of(
        GROUP + "handler", GROUP + "instance", GROUP + "rule", GROUP + "attributemanifest", GROUP + "QuotaSpec");
  }

  /** Whether an object is one of Mixer's. */
  static boolean isOurs(ConfigObject object) {
    return object.apiVersion().startsWith(GROUP);
  }

  @Override
  public Map<ConfigObject, List<Finding>> validateTogether(Collection<ConfigObject> objects) {
    return Pairing.of(objects, installed);
  }

  @Override
  public List<Finding> validate(ConfigObject object) {
    Expressions expressions = new Expressions(vocabulary);
    switch (object.kind()) {
      case "rule" -> rule(object, expressions);
      case "attributemanifest" -> new Declared(vocabulary, expressions).manifest(object);
      case "QuotaSpec" -> new Declared(vocabulary, expressions).quotaSpec(object);
      default -> {
        // Whatever it is called: old kinds are shown as what they mean.
        handler(object, expressions);
        instance(object, expressions);
      }
    }
    return List.copyOf(expressions.findings());
  }

  private void handler(ConfigObject object, Expressions expressions) {
    if (!(object.spec().entries().get("compiledAdapter") instanceof Node.Text adapter)) {
      return;
    }
    Optional<List<Finding>> said =
        installed.tryOut(adapter.value(), params(object), "spec.params");
    if (said.isPresent()) {
      expressions.findings().addAll(said.get());
      return;
    }
    expressions.add(
        Severity.WARNING,
        Codes.ADAPTER_ABSENT,
        adapter.at(),
        "spec.compiledAdapter",
        "no adapter " + adapter.value() + " is installed here" + near(adapter.value())
            + "; its parameters are not checked, and sidecars that lack it let its rules fail");
  }

  private String near(String name) {
    return installed.names().stream()
        .filter(known -> Spelling.distance(name, known) <= 2)
        .min(Comparator.comparingInt(known -> Spelling.distance(name, known)))
        .map(known -> "; did you mean " + known + "?")
        .orElse("");
  }

  private static void instance(ConfigObject object, Expressions expressions) {
    if (object.spec().entries().get("compiledTemplate") instanceof Node.Text text) {
      TemplateFields.template(text.value())
          .ifPresent(
              template ->
                  TemplateFields.compile(template, params(object), "spec.params", expressions));
    }
  }

  private static void rule(ConfigObject object, Expressions expressions) {
    if (object.spec().entries().get("match") instanceof Node.Text match
        && !match.value().isBlank()) {
      Acceptor.match(match.value(), match.at(), "spec.match", expressions);
    }
    headers(object, "requestHeaderOperations", expressions);
    headers(object, "responseHeaderOperations", expressions);
    if (object.spec().entries().get("actions") instanceof Node.Items actions) {
      int index = 0;
      for (Node action : actions.items()) {
        if (action instanceof Node.Mapping mapping) {
          references(mapping, "spec.actions[" + index + "]", expressions);
        }
        index++;
      }
    }
  }

  private static void headers(ConfigObject object, String field, Expressions expressions) {
    if (!(object.spec().entries().get(field) instanceof Node.Items headers)) {
      return;
    }
    for (int i = 0; i < headers.items().size(); i++) {
      if (headers.items().get(i) instanceof Node.Mapping header && header.entries().get("values") instanceof Node.Items values) {
        for (int j = 0; j < values.items().size(); j++) {
          if (values.items().get(j) instanceof Node.Text text) {
            Acceptor.header(text.value(), text.at(), "spec." + field + "[" + i + "].values[" + j + "]", expressions);
          }
        }
      }
    }
  }

  private static void references(Node.Mapping action, String path, Expressions expressions) {
    reference(action.entries().get("handler"), "handler", path + ".handler", expressions);
    if (action.entries().get("instances") instanceof Node.Items instances) {
      for (int i = 0; i < instances.items().size(); i++) {
        reference(
            instances.items().get(i), "instance", path + ".instances[" + i + "]", expressions);
      }
    }
  }

  private static void reference(
      @Nullable Node node, String kind, String path, Expressions expressions) {
    if (node instanceof Node.Text text && text.value().split("\\.", -1).length > 3) {
      expressions.add(
          Severity.ERROR,
          Codes.REFERENCE,
          text.at(),
          path,
          "\"" + text.value() + "\" is no name of a" + (kind.startsWith("i") ? "n " : " ") + kind
              + "; write name, name.namespace or name." + kind + ".namespace");
    }
  }

  private static Node.Mapping params(ConfigObject object) {
    return object.spec().entries().get("params") instanceof Node.Mapping mapping
        ? mapping
        : Node.Mapping.empty(object.spec().at());
  }
}
