package dev.tenon.galley.decode;

import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.rules.PolicyRules.Handler;
import dev.tenon.spi.rules.PolicyRules.InstanceRule;
import dev.tenon.spi.rules.PolicyRules.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a {@code RateLimit} of {@code policy.tenon.dev} means: a handler, an instance of the template
 * quota and a rule, like any that are written one by one.
 *
 * @param match the condition as it was written; the rule's own asks for the services too
 */
public record RateLimit(Handler handler, InstanceRule instance, Rule rule, Node.Text match) {
  /** The kind of its handler and of its instance: rules cannot name them by accident. */
  static final String KIND = "RateLimit";

  /** Where in a limit that lies which is found in one of the three. */
  private static final Map<String, String> PATHS =
      Map.of(
          "spec.params.quotas[0].maxAmount", "spec.limit",
          "spec.params.quotas[0].validDuration", "spec.window",
          "spec.params.quotas[0].rateLimitAlgorithm", "spec.algorithm",
          "spec.params.quotas[0].overrides", "spec.except",
          "spec.params.quotas", "spec",
          "spec.params.redisServerUrl", "spec.redis",
          "spec.params.amount", "spec.cost",
          "spec.params.dimensions", "spec.per");

  /** The three as validators are shown them. */
  List<ConfigObject> shown(ConfigObject object) {
    List<ConfigObject> shown = new ArrayList<>();
    shown.add(shown(object, KIND, Map.of("compiledAdapter", text(handler.adapter(), object.at()), "params", handler.params())));
    shown.add(shown(object, KIND, Map.of("compiledTemplate", text(instance.template(), object.at()), "params", instance.params())));
    Node.Mapping action =
        mapping(
            object.at(),
            Map.of(
                "handler", text(rule.actions().getFirst().handler(), object.at()),
                "instances", new Node.Items(List.of(text(rule.actions().getFirst().instances().getFirst(), object.at())), object.at())));
    shown.add(shown(object, "rule", Map.of("match", match, "actions", new Node.Items(List.of(action), object.at()))));
    return shown;
  }

  private static ConfigObject shown(ConfigObject object, String kind, Map<String, Node> spec) {
    return new ConfigObject(
        Kind.HANDLER.apiVersions().getFirst(),
        kind,
        object.namespace(),
        object.name(),
        object.labels(),
        object.annotations(),
        mapping(object.spec().at(), spec),
        object.at());
  }

  /** The path in the limit of what was found at a path of one of the three. */
  static String path(String found) {
    return PATHS.entrySet().stream()
        .filter(each -> found.startsWith(each.getKey()))
        .max(Map.Entry.comparingByKey(java.util.Comparator.comparingInt(String::length)))
        .map(each -> each.getValue() + found.substring(each.getKey().length()))
        .orElse(found);
  }

  static Node.Text text(String value, Position at) {
    return new Node.Text(value, at);
  }

  static Node.Mapping mapping(Position at, Map<String, ? extends Node> entries) {
    SequencedMap<String, Node> all = new LinkedHashMap<>();
    entries.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(each -> all.put(each.getKey(), each.getValue()));
    return new Node.Mapping(all, at);
  }
}
