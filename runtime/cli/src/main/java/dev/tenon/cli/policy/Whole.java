package dev.tenon.cli.policy;

import dev.tenon.cli.client.Row;
import dev.tenon.wire.admin.v1.PolicyHandler;
import dev.tenon.wire.admin.v1.PolicyInstance;
import dev.tenon.wire.admin.v1.PolicyPlace;
import dev.tenon.wire.admin.v1.PolicyRule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** All that is known of an object of policy, for JSON and YAML. */
final class Whole {
  private Whole() {}

  static Map<String, Object> rule(PolicyRule rule, InMesh mesh) {
    Map<String, Object> row = Row.of(
        "name", rule.getName(),
        "at", place(rule.getAt()),
        "match", rule.getMatch(),
        "actions", rule.getActionsList().stream().map(each -> Row.of("handler", each.getHandler(), "instance", each.getInstance(), "template", each.getTemplate())).toList(),
        "onFailure", rule.getOnFailure(),
        "onExceed", rule.getOnExceed(),
        "requestHeaders", List.copyOf(rule.getRequestHeadersList()),
        "responseHeaders", List.copyOf(rule.getResponseHeadersList()));
    if (mesh.knowsMesh()) {
      row.put("services", List.copyOf(rule.getServicesList()));
      row.put("proxies", mesh.proxies(rule));
    }
    return row;
  }

  static Map<String, Object> handler(PolicyHandler handler) {
    return Row.of(
        "name", handler.getName(),
        "at", place(handler.getAt()),
        "adapter", handler.getAdapter(),
        "module", handler.getModule(),
        "state", handler.getState(),
        "reason", handler.getReason(),
        "runs", handler.getRuns(),
        "rules", List.copyOf(handler.getRulesList()),
        "counted", Row.of(
            "allowed", handler.getAllowed(),
            "denied", handler.getDenied(),
            "failed", handler.getFailed(),
            "fromCache", handler.getCached(),
            "reported", handler.getReported(),
            "reportsLost", handler.getLost(),
            "calls", handler.getCalls(),
            "meanMicros", handler.getCalls() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", handler.getSeconds() * 1e6 / handler.getCalls())));
  }

  static Map<String, Object> instance(PolicyInstance instance) {
    return Row.of(
        "name", instance.getName(),
        "at", place(instance.getAt()),
        "template", instance.getTemplate(),
        "fields", new TreeMap<>(instance.getFieldsMap()),
        "charges", List.copyOf(instance.getChargesList()),
        "rules", List.copyOf(instance.getRulesList()));
  }

  private static String place(PolicyPlace at) {
    return at.getLine() == 0 ? at.getOrigin() : at.getOrigin() + ":" + at.getLine() + ":" + at.getColumn();
  }
}
