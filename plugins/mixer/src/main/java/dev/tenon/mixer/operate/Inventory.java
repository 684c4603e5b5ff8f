package dev.tenon.mixer.operate;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.accept.Acceptor;
import dev.tenon.mixer.check.StandardVocabulary;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.rules.PolicyRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One configuration namespace's policy with its names resolved.
 *
 * @param accepted empty when it cannot be compiled; the findings say why
 */
record Inventory(PolicyRules rules, Optional<Accepted> accepted, List<Finding> findings) {
  static Inventory of(PolicyRules rules) {
    try {
      Accepted accepted = Acceptor.accept(rules, StandardVocabulary.STANDARD);
      return new Inventory(rules, Optional.of(accepted), accepted.warnings());
    } catch (BadConfig e) {
      return new Inventory(rules, Optional.empty(), e.findings());
    }
  }

  static List<Inventory> of(InForce known) {
    return known.namespaces().values().stream().map(Inventory::of).toList();
  }

  /**
   * The same without rules that only report: who asks what a request would come to builds no handlers of theirs, which open
   * files and ports.
   */
  static PolicyRules judging(PolicyRules rules) {
    Set<String> reporting =
        of(rules).byName().values().stream()
            .filter(rule -> !rule.calls().isEmpty() && rule.calls().stream().allMatch(Inventory::reports))
            .map(Accepted.Rule::name)
            .collect(Collectors.toSet());
    return new PolicyRules(
        rules.namespace(), rules.handlers(), rules.instances(),
        rules.rules().stream().filter(each -> !reporting.contains(each.meta().name() + "." + each.meta().namespace())).toList());
  }

  private static boolean reports(Accepted.Call call) {
    return call.instance().map(each -> each.template().variety() == Template.Variety.REPORT).orElse(false);
  }

  /** The compiled rules by their names. */
  Map<String, Accepted.Rule> byName() {
    Map<String, Accepted.Rule> all = new LinkedHashMap<>();
    accepted.ifPresent(policy -> policy.rules().forEach(each -> all.put(each.name(), each)));
    return all;
  }

  /** A handler's or an instance's full name, and the rules that use it. */
  Map<String, Set<String>> users(boolean handlers) {
    Map<String, Set<String>> users = new LinkedHashMap<>();
    byName().values().forEach(rule ->
        rule.calls().forEach(call ->
            users.computeIfAbsent(handlers ? call.handlerName() : call.instanceName(), each -> new LinkedHashSet<>()).add(rule.name())));
    return users;
  }

  /**
   * A rule charges a quota of a handler.
   *
   * @param instance its {@link Accepted.Instance#name}, by which adapters call their counters
   */
  record Charge(String handler, String instance, String rule) {}

  List<Charge> charges() {
    List<Charge> all = new ArrayList<>();
    for (Accepted.Rule rule : byName().values()) {
      for (Accepted.Call call : rule.calls()) {
        call.instance()
            .filter(each -> each.template() == Template.QUOTA)
            .ifPresent(each -> all.add(new Charge(call.handlerName(), each.name(), rule.name())));
      }
    }
    return all;
  }
}
