package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.PolicyRules.Action;
import dev.tenon.spi.rules.PolicyRules.Handler;
import dev.tenon.spi.rules.PolicyRules.HeaderRule;
import dev.tenon.spi.rules.PolicyRules.InstanceRule;
import dev.tenon.spi.rules.PolicyRules.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads Mixer's {@code handler}, {@code instance} and {@code rule}, and the old kinds that each adapter and
 * template had. What fields a template has is its validator's to say.
 */
final class PolicyDecoder {
  private static final Map<String, HeaderRule.Operation> OPERATIONS =
      Map.of(
          "REPLACE", HeaderRule.Operation.REPLACE, "REMOVE", HeaderRule.Operation.REMOVE, "APPEND", HeaderRule.Operation.APPEND);

  private static final Set<String> BINDINGS = Set.of("attributeBindings", "attribute_bindings");

  /** The annotation of a rule that says what holds while an adapter is absent or fails. */
  static final String ON_FAILURE = "policy.tenon.dev/on-failure";

  /** What Mixer had, and {@link Template} may lack. */
  private static final Set<String> MIXERS_TEMPLATES =
      Arrays.stream(Kind.values())
          .filter(kind -> kind.isOld() && kind.meaning() == Kind.INSTANCE)
          .map(Kind::kindName)
          .collect(Collectors.toUnmodifiableSet());

  private PolicyDecoder() {}

  static Handler handler(Meta meta, Fields spec) {
    String field = oneOf(spec, "compiledAdapter", "adapter");
    String adapter = spec.text(field);
    if (!adapter.isEmpty() && !Names.isName(adapter)) {
      spec.error(field, "\"" + adapter + "\" is no adapter's name");
    }
    if (spec.has("connection")) {
      spec.mapping("connection").ifPresent(each -> each.names().forEach(each::node));
      spec.warn(
          "connection",
          "is without effect: the jar that is the adapter " + adapter + " goes into plugins/; a process is named by params.address of compiledAdapter remote",
          Values.DOUBTFUL);
    }
    return new Handler(meta, adapter, params(spec));
  }

  /** A handler of the days when each adapter was a kind: the spec is what are parameters now. */
  static Handler oldHandler(Meta meta, Kind kind, Fields spec) {
    return new Handler(meta, kind.kindName(), kind.kindName(), whole(spec, Set.of()));
  }

  static InstanceRule instance(Meta meta, Fields spec) {
    String field = oneOf(spec, "compiledTemplate", "template");
    String template = spec.text(field);
    checkTemplate(spec, spec.at(field), spec.path(field), template);
    return new InstanceRule(meta, PolicyRules.INSTANCE, template, params(spec), bindings(spec), Optional.empty());
  }

  /** An instance of the days when each template was a kind: the spec is what are parameters now. */
  static InstanceRule oldInstance(Meta meta, Kind kind, Fields spec) {
    Node.Mapping bindings = bindings(spec);
    checkTemplate(spec, spec.at(), "kind", kind.kindName());
    return new InstanceRule(meta, kind.kindName(), kind.kindName(), whole(spec, BINDINGS), bindings, Optional.empty());
  }

  private static void checkTemplate(Fields spec, Position at, String path, String template) {
    List<String> known = Arrays.stream(Template.values()).map(Template::wireName).toList();
    if (template.isEmpty() || known.contains(template)) {
      return;
    }
    Values.Item item = new Values.Item(template, path, at);
    String all = String.join(", ", known);
    if (MIXERS_TEMPLATES.contains(template)) {
      Values.refuse(spec, item, "of Mixer's templates, " + all + " alone, not " + template);
    } else {
      Values.report(spec, item, "\"" + template + "\" is no template; known: " + all);
    }
  }

  /** Which outputs of a template that makes attributes become which attributes. */
  private static Node.Mapping bindings(Fields spec) {
    spec.atMostOne("attributeBindings", "attribute_bindings");
    spec.node("attribute_bindings");
    String field = spec.has("attribute_bindings") ? "attribute_bindings" : "attributeBindings";
    return spec.mapping(field)
        .map(
            each -> {
              each.names().forEach(each::text);
              return (Node.Mapping) spec.node(field).orElseThrow();
            })
        .orElseGet(() -> Node.Mapping.empty(spec.at()));
  }

  /** Every field of a spec but some; who builds of them says which are unknown. */
  private static Node.Mapping whole(Fields spec, Set<String> but) {
    SequencedMap<String, Node> entries = new LinkedHashMap<>();
    for (String name : spec.names()) {
      Optional<Node> value = spec.node(name);
      if (!but.contains(name)) {
        value.ifPresent(each -> entries.put(name, each));
      }
    }
    return new Node.Mapping(entries, spec.at());
  }

  static Rule rule(Meta meta, Fields spec, boolean failOpen) {
    String match = spec.text("match", "");
    Position matchAt = spec.at("match");
    List<Action> actions = new ArrayList<>();
    for (Fields each : spec.mappings("actions")) {
      String handler = each.text("handler");
      List<String> instances = each.texts("instances");
      Values.requireSome(each, "instances", instances);
      each.refuse("name", "it names an action whose outputs header operations read, and no template here has such; remove it");
      actions.add(new Action(handler, instances));
    }
    List<HeaderRule> request = headers(spec, "requestHeaderOperations");
    List<HeaderRule> response = headers(spec, "responseHeaderOperations");
    spec.refuse("sampling", "Mixer ignored it; every request is checked, so remove it");
    if (request.isEmpty() && response.isEmpty()) {
      Values.requireSome(spec, "actions", actions);
    }
    return new Rule(meta, match, matchAt, actions, failOpen, false, request, response);
  }

  private static List<HeaderRule> headers(Fields spec, String field) {
    List<HeaderRule> headers = new ArrayList<>();
    for (Fields each : spec.mappings(field)) {
      String name = each.text("name");
      HeaderRule.Operation operation = each.oneOf("operation", OPERATIONS).orElse(HeaderRule.Operation.REPLACE);
      List<String> values = each.texts("values");
      String problem = HeaderDecoder.nameProblem(name);
      if (!name.isEmpty() && !problem.isEmpty()) {
        each.error("name", problem);
      }
      if (operation != HeaderRule.Operation.REMOVE) {
        Values.requireSome(each, "values", values);
      } else if (!values.isEmpty()) {
        each.error("values", "are not needed to remove a header; remove them");
      }
      headers.add(new HeaderRule(operation, name.toLowerCase(Locale.ROOT), values));
    }
    return headers;
  }

  /** What runs in process was named by one field, what ran elsewhere by another; here all is one. */
  private static String oneOf(Fields spec, String inProcess, String remote) {
    spec.atMostOne(inProcess, remote);
    spec.node(remote);
    return spec.has(remote) && !spec.has(inProcess) ? remote : inProcess;
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
