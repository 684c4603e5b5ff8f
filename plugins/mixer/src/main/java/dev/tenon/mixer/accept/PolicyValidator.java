package dev.tenon.mixer.accept;

import dev.tenon.mixer.check.Spelling;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Finding.Severity;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Validator;
import dev.tenon.spi.policy.Template;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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
    Map<ConfigObject, List<Finding>> findings = new LinkedHashMap<>(Pairing.of(objects, installed, vocabulary));
    cyclic(objects).forEach(
        (object, found) ->
            findings.merge(object, found, (one, other) -> Stream.concat(one.stream(), other.stream()).toList()));
    return findings;
  }

  /** Instances of one namespace that make attributes of each other. */
  private Map<ConfigObject, List<Finding>> cyclic(Collection<ConfigObject> objects) {
    Map<ConfigObject, Producers.Producer> producers = new LinkedHashMap<>();
    objects.stream()
        .filter(each -> isOurs(each) && each.kind().equals("instance"))
        .forEach(each -> producer(each).ifPresent(producer -> producers.put(each, producer)));
    Map<ConfigObject, List<Finding>> findings = new LinkedHashMap<>();
    producers.keySet().stream()
        .map(ConfigObject::namespace)
        .distinct()
        .forEach(
            namespace -> {
              List<String> cyclic =
                  Producers.order(
                          producers.entrySet().stream()
                              .filter(each -> each.getKey().namespace().equals(namespace))
                              .map(Map.Entry::getValue)
                              .toList())
                      .cyclic();
              producers.forEach(
                  (object, producer) -> {
                    if (object.namespace().equals(namespace) && cyclic.contains(producer.name())) {
                      findings.put(
                          object,
                          List.of(
                              new Finding(
                                  Severity.ERROR, Codes.CYCLE, bindings(object).at(), "spec.attributeBindings", Producers.cycle(cyclic))));
                    }
                  });
            });
    return findings;
  }

  /** What an instance reads and binds; empty when it binds nothing. */
  private Optional<Producers.Producer> producer(ConfigObject object) {
    Expressions unsaid = new Expressions(vocabulary);
    return object.spec().entries().get("compiledTemplate") instanceof Node.Text text
        ? Template.named(text.value())
            .filter(template -> template.variety() == Template.Variety.ATTRIBUTE_GENERATOR)
            .map(
                template ->
                    new Producers.Producer(
                        object.name(),
                        FieldReads.of(TemplateFields.compile(template, mapping(object, "params"), "", unsaid)),
                        Bindings.compile(template, bindings(object), "", vocabulary, unsaid).keySet()))
        : Optional.empty();
  }

  /** Under either of its names. */
  private static Node.Mapping bindings(ConfigObject object) {
    return mapping(object, object.spec().entries().containsKey("attribute_bindings") ? "attribute_bindings" : "attributeBindings");
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
        installed.tryOut(adapter.value(), mapping(object, "params"), "spec.params");
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

  private void instance(ConfigObject object, Expressions expressions) {
    if (object.spec().entries().get("compiledTemplate") instanceof Node.Text text) {
      Template.named(text.value())
          .ifPresent(
              template -> {
                TemplateFields.compile(template, mapping(object, "params"), "spec.params", expressions);
                Bindings.compile(
                    template, mapping(object, "attributeBindings"), "spec.attributeBindings", vocabulary, expressions);
                Bindings.compile(
                    template, mapping(object, "attribute_bindings"), "spec.attribute_bindings", vocabulary, expressions);
              });
    }
  }

  private static void rule(ConfigObject object, Expressions expressions) {
    if (object.spec().entries().get("match") instanceof Node.Text match
        && !match.value().isBlank()) {
      Acceptor.match(match.value(), match.at(), "spec.match", expressions.whenOver());
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

  private static Node.Mapping mapping(ConfigObject object, String field) {
    return object.spec().entries().get(field) instanceof Node.Mapping mapping
        ? mapping
        : Node.Mapping.empty(object.spec().at());
  }
}
