package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules.Action;
import dev.tenon.spi.rules.PolicyRules.Handler;
import dev.tenon.spi.rules.PolicyRules.InstanceRule;
import dev.tenon.spi.rules.PolicyRules.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads Mixer's {@code handler}, {@code instance} and {@code rule}. */
final class PolicyDecoder {
  /** The annotation of a rule that says what holds while an adapter is absent or fails. */
  static final String ON_FAILURE = "policy.tenon.dev/on-failure";

  private static final Map<String, Set<String>> TEMPLATES =
      Map.of("checknothing", Set.of(), "listentry", Set.of("value"), "quota", Set.of("dimensions"));
  private static final String KNOWN_TEMPLATES = "checknothing, listentry, quota";
  private static final Set<String> OTHER_TEMPLATES =
      Set.of(
          "apikey", "authorization", "edge", "kubernetes", "logentry", "metric", "reportnothing", "tracespan");

  private PolicyDecoder() {}

  static Handler handler(Meta meta, Fields spec) {
    String adapter = outOfProcess(spec, "compiledAdapter", "adapter");
    if (!adapter.isEmpty() && !Names.isName(adapter)) {
      spec.error("compiledAdapter", "\"" + adapter + "\" is no adapter's name");
    }
    spec.refuse("connection", "adapters run inside the proxy, so there is nothing to connect to; remove it");
    return new Handler(meta, adapter, params(spec));
  }

  static InstanceRule instance(Meta meta, Fields spec) {
    String template = outOfProcess(spec, "compiledTemplate", "template");
    Node.Mapping params = params(spec);
    Set<String> fields = TEMPLATES.get(template);
    if (fields != null) {
      checkParams(spec, template, fields, params);
    } else if (OTHER_TEMPLATES.contains(template)) {
      Values.refuse(spec, "compiledTemplate", "of Mixer's templates, " + KNOWN_TEMPLATES + " alone, not " + template);
    } else if (!template.isEmpty()) {
      spec.error("compiledTemplate", "\"" + template + "\" is no template; known: " + KNOWN_TEMPLATES);
    }
    spec.refuse("attributeBindings", "no template of this build makes attributes; remove it");
    spec.refuse("attribute_bindings", "no template of this build makes attributes; remove it");
    return new InstanceRule(meta, template, params);
  }

  private static void checkParams(Fields spec, String template, Set<String> known, Node.Mapping params) {
    spec.mapping("params")
        .ifPresent(
            each -> {
              for (String name : each.names()) {
                each.node(name);
                if (!known.contains(name)) {
                  each.error(name, "unknown field of the template " + template + (known.isEmpty() ? ", which has none" : "; known here: " + String.join(", ", known)), "TEN0001");
                } else if (name.equals("dimensions")) {
                  each.mapping(name).ifPresent(map -> map.names().forEach(map::optionalText));
                } else {
                  each.optionalText(name);
                }
              }
            });
    for (String name : known) {
      if (!name.equals("dimensions") && !params.entries().containsKey(name)) {
        spec.error("params", "the template " + template + " needs " + name);
      }
    }
  }

  static Rule rule(Meta meta, Fields spec, boolean failOpen) {
    String match = spec.text("match", "");
    Position matchAt = spec.at("match");
    List<Action> actions = new ArrayList<>();
    for (Fields each : spec.mappings("actions")) {
      String handler = each.text("handler");
      List<String> instances = each.texts("instances");
      Values.requireSome(each, "instances", instances);
      each.refuse("name", "it names an action for header operations, and those are not carried out; remove it");
      actions.add(new Action(handler, instances));
    }
    String headers = "rules allow or deny; change headers in a VirtualService, and remove it";
    Values.refuseAll(spec, headers, "requestHeaderOperations", "responseHeaderOperations");
    spec.refuse("sampling", "Mixer ignored it; every request is checked, so remove it");
    if (!spec.has("requestHeaderOperations") && !spec.has("responseHeaderOperations")) {
      Values.requireSome(spec, "actions", actions);
    }
    return new Rule(meta, match, matchAt, actions, failOpen);
  }

  /** What runs in process is named by one field, what runs elsewhere by another, which is refused. */
  private static String outOfProcess(Fields spec, String inProcess, String remote) {
    spec.atMostOne(inProcess, remote);
    if (spec.has(remote) && !spec.has(inProcess)) {
      String name = spec.node(remote).map(node -> node instanceof Node.Text text ? text.value() : "").orElse("");
      Values.refuse(spec, remote, "adapters run in the proxy, not in a process of their own; " + (TEMPLATES.containsKey(name) ? "write " + inProcess + ": " + name : "use " + inProcess));
      spec.node(inProcess);
      return "";
    }
    spec.node(remote);
    return spec.text(inProcess);
  }

  private static Node.Mapping params(Fields spec) {
    return spec.node("params").orElse(null) instanceof Node.Mapping mapping
        ? mapping
        : noMapping(spec);
  }

  private static Node.Mapping noMapping(Fields spec) {
    // Says so when it is something else.
    spec.mapping("params");
    return Node.Mapping.empty(spec.at());
  }
}
