package dev.tenon.mixer.accept;

import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.policy.Template;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rules that give a handler an instance that it can do nothing with: of a template that its adapter does not take, or of which its quotas
 * say nothing; what of a handler's quotas no instance that it is given can match; and rules that judge by what only the answer has.
 */
public final class Pairing {
  private final Installed installed;
  private final Vocabulary vocabulary;
  private final Map<String, Named> namespaces = new HashMap<>();
  private final Map<ConfigObject, List<Finding>> findings = new LinkedHashMap<>();

  private Pairing(Installed installed, Vocabulary vocabulary) {
    this.installed = installed;
    this.vocabulary = vocabulary;
  }

  /** What one namespace has. */
  private record Named(References<ConfigObject> handlers, References<ConfigObject> instances) {
    Named() {
      this(new References<>("handler"), new References<>("instance"));
    }
  }

  /** What is to be said of the rules and handlers among some objects. */
  static Map<ConfigObject, List<Finding>> of(Collection<ConfigObject> objects, Installed installed, Vocabulary vocabulary) {
    Pairing pairing = new Pairing(installed, vocabulary);
    objects.forEach(pairing::note);
    for (ConfigObject object : objects) {
      if (PolicyValidator.isOurs(object) && object.kind().equals("rule")) {
        pairing.rule(object);
      }
    }
    return pairing.findings;
  }

  private void note(ConfigObject object) {
    if (!PolicyValidator.isOurs(object)) {
      return;
    }
    Named named = namespaces.computeIfAbsent(object.namespace(), each -> new Named());
    note(named.handlers(), object, "compiledAdapter");
    note(named.instances(), object, "compiledTemplate");
  }

  private static void note(References<ConfigObject> references, ConfigObject object, String field) {
    if (object.spec().entries().get(field) instanceof Node.Text text) {
      references.add(object.name(), object.namespace(), object.kind(), text.value(), object);
    }
  }

  private void rule(ConfigObject rule) {
    boolean judges = false;
    if (rule.spec().entries().get("actions") instanceof Node.Items actions) {
      for (int i = 0; i < actions.items().size(); i++) {
        if (actions.items().get(i) instanceof Node.Mapping action
            && action.entries().get("handler") instanceof Node.Text handler
            && action.entries().get("instances") instanceof Node.Items instances) {
          for (int j = 0; j < instances.items().size(); j++) {
            if (instances.items().get(j) instanceof Node.Text instance) {
              judges |= pair(rule, handler, instance, "spec.actions[" + i + "].instances[" + j + "]");
            }
          }
        }
      }
    }
    if (judges) {
      early(rule);
    }
  }

  /** What the match of a rule that judges reads of the answer: it never holds. */
  private void early(ConfigObject rule) {
    if (rule.spec().entries().get("match") instanceof Node.Text match && !match.value().isBlank()) {
      Expressions before = new Expressions(vocabulary);
      Expressions over = new Expressions(vocabulary).whenOver();
      Acceptor.match(match.value(), match.at(), "spec.match", before);
      Acceptor.match(match.value(), match.at(), "spec.match", over);
      before.findings().stream().filter(each -> !over.findings().contains(each)).forEach(each -> add(rule, each));
    }
  }

  /** Whether the instance is of a template that judges. */
  private boolean pair(ConfigObject rule, Node.Text handler, Node.Text instance, String path) {
    Named named = namespaces.getOrDefault(rule.namespace(), new Named());
    String handlerName = named.handlers().resolve(handler.value(), rule.namespace());
    String instanceName = named.instances().resolve(instance.value(), rule.namespace());
    Optional<ConfigObject> called = named.handlers().find(handlerName);
    Optional<ConfigObject> given = named.instances().find(instanceName);
    Optional<Template> template = given.map(each -> text(each, "compiledTemplate")).flatMap(Template::named);
    if (called.isEmpty() || given.isEmpty() || template.isEmpty()) {
      return false;
    }
    misfit(installed, handlerName, text(called.get(), "compiledAdapter"), template.get())
        .ifPresent(message -> add(rule, new Finding(Finding.Severity.ERROR, Codes.TEMPLATE, instance.at(), path, message)));
    if (template.get() == Template.QUOTA) {
      QuotaFit.Fit fit = QuotaFit.of(called.get(), given.get());
      fit.missing().ifPresent(message -> add(rule, new Finding(Finding.Severity.ERROR, Codes.DIMENSION, instance.at(), path, message)));
      fit.findings().forEach(each -> add(called.get(), each));
    }
    return template.get().variety() == Template.Variety.CHECK || template.get() == Template.QUOTA;
  }

  private static String text(ConfigObject object, String field) {
    return object.spec().entries().get(field) instanceof Node.Text text ? text.value() : "";
  }

  private void add(ConfigObject object, Finding finding) {
    List<Finding> said = findings.computeIfAbsent(object, each -> new ArrayList<>());
    if (!said.contains(finding)) {
      said.add(finding); // another rule may give the same handler the same instance
    }
  }

  /** What is wrong with giving an adapter a template; empty when it takes it, or is not installed. */
  public static Optional<String> misfit(Installed installed, String handler, String adapter, Template template) {
    Optional<Set<Template>> taken = installed.templates(adapter);
    if (taken.isEmpty() || taken.get().contains(template)) {
      return Optional.empty();
    }
    return Optional.of(
        "the adapter " + adapter + " of handler " + handler + " takes no " + template.wireName() + "; it takes "
            + taken.get().stream().sorted().map(Template::wireName).collect(Collectors.joining(", ")));
  }
}
