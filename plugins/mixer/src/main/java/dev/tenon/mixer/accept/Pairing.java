package dev.tenon.mixer.accept;

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

/** Rules that give a handler an instance of a template that its adapter does not take. */
public final class Pairing {
  private final Installed installed;
  private final Map<String, Named> namespaces = new HashMap<>();

  private Pairing(Installed installed) {
    this.installed = installed;
  }

  /** What one namespace has: of handlers the adapter's name, of instances the template's. */
  private record Named(References<String> handlers, References<String> instances) {
    Named() {
      this(new References<>("handler"), new References<>("instance"));
    }
  }

  /** What is to be said of the rules among some objects. */
  static Map<ConfigObject, List<Finding>> of(Collection<ConfigObject> objects, Installed installed) {
    Pairing pairing = new Pairing(installed);
    objects.forEach(pairing::note);
    Map<ConfigObject, List<Finding>> findings = new LinkedHashMap<>();
    for (ConfigObject object : objects) {
      if (PolicyValidator.isOurs(object) && object.kind().equals("rule")) {
        List<Finding> said = pairing.rule(object);
        if (!said.isEmpty()) {
          findings.put(object, said);
        }
      }
    }
    return findings;
  }

  private void note(ConfigObject object) {
    if (!PolicyValidator.isOurs(object)) {
      return;
    }
    Named named = namespaces.computeIfAbsent(object.namespace(), each -> new Named());
    note(named.handlers(), object, "compiledAdapter");
    note(named.instances(), object, "compiledTemplate");
  }

  private static void note(References<String> references, ConfigObject object, String field) {
    if (object.spec().entries().get(field) instanceof Node.Text text) {
      references.add(object.name(), object.namespace(), object.kind(), text.value(), text.value());
    }
  }

  private List<Finding> rule(ConfigObject rule) {
    List<Finding> findings = new ArrayList<>();
    if (rule.spec().entries().get("actions") instanceof Node.Items actions) {
      for (int i = 0; i < actions.items().size(); i++) {
        if (actions.items().get(i) instanceof Node.Mapping action
            && action.entries().get("handler") instanceof Node.Text handler
            && action.entries().get("instances") instanceof Node.Items instances) {
          for (int j = 0; j < instances.items().size(); j++) {
            if (instances.items().get(j) instanceof Node.Text instance) {
              pair(rule, handler, instance, "spec.actions[" + i + "].instances[" + j + "]").ifPresent(findings::add);
            }
          }
        }
      }
    }
    return findings;
  }

  private Optional<Finding> pair(ConfigObject rule, Node.Text handler, Node.Text instance, String path) {
    Named named = namespaces.getOrDefault(rule.namespace(), new Named());
    String handlerName = named.handlers().resolve(handler.value(), rule.namespace());
    String instanceName = named.instances().resolve(instance.value(), rule.namespace());
    return named
        .handlers()
        .find(handlerName)
        .flatMap(
            adapter ->
                named
                    .instances()
                    .find(instanceName)
                    .flatMap(Template::named)
                    .flatMap(template -> misfit(installed, handlerName, adapter, template)))
        .map(message -> new Finding(Finding.Severity.ERROR, Codes.TEMPLATE, instance.at(), path, message));
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
