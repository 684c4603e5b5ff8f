package dev.tenon.mixer;

import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules.HeaderRule.Operation;
import dev.tenon.spi.rules.PolicyRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Policy as an operator writes it, with the place of every value. */
public final class Yaml {
  private Yaml() {}

  /** The objects of a file named {@code policy.yaml}. */
  public static List<ConfigObject> objects(String text) {
    return StreamSupport.stream(
            new Compose(LoadSettings.builder().build()).composeAllFromString(text).spliterator(),
            false)
        .map(Yaml::node)
        .map(Node.Mapping.class::cast)
        .map(Yaml::object)
        .toList();
  }

  /** The policy of the namespace {@code default}. */
  public static PolicyRules policy(String text) {
    List<PolicyRules.Handler> handlers = new ArrayList<>();
    List<PolicyRules.InstanceRule> instances = new ArrayList<>();
    List<PolicyRules.Rule> rules = new ArrayList<>();
    for (ConfigObject object : objects(text)) {
      Meta meta = new Meta(object.namespace(), object.name(), object.at());
      switch (object.kind()) {
        case "handler" ->
            handlers.add(
                new PolicyRules.Handler(
                    meta, text(object.spec(), "compiledAdapter"), mapping(object.spec(), "params")));
        case "instance" ->
            instances.add(
                new PolicyRules.InstanceRule(
                    meta, PolicyRules.INSTANCE, text(object.spec(), "compiledTemplate"), mapping(object.spec(), "params"),
                    mapping(object.spec(), "attributeBindings"), Optional.empty()));
        default -> rules.add(rule(meta, object));
      }
    }
    return new PolicyRules("default", handlers, instances, rules);
  }

  private static PolicyRules.Rule rule(Meta meta, ConfigObject object) {
    Node match = object.spec().entries().get("match");
    List<PolicyRules.Action> actions = new ArrayList<>();
    for (Node action : items(object.spec(), "actions")) {
      Node.Mapping mapping = (Node.Mapping) action;
      actions.add(
          new PolicyRules.Action(
              text(mapping, "handler"),
              items(mapping, "instances").stream().map(each -> ((Node.Text) each).value()).toList()));
    }
    return new PolicyRules.Rule(
        meta,
        text(object.spec(), "match"),
        match == null ? object.at() : match.at(),
        actions,
        "open".equals(object.annotations().get("policy.tenon.dev/on-failure")),
        false,
        headers(object.spec(), "requestHeaderOperations"),
        headers(object.spec(), "responseHeaderOperations"));
  }

  private static List<PolicyRules.HeaderRule> headers(Node.Mapping spec, String field) {
    return items(spec, field).stream()
        .map(Node.Mapping.class::cast)
        .map(
            each ->
                new PolicyRules.HeaderRule(
                    text(each, "operation").isEmpty() ? Operation.REPLACE : Operation.valueOf(text(each, "operation")),
                    text(each, "name"),
                    items(each, "values").stream().map(value -> ((Node.Text) value).value()).toList()))
        .toList();
  }

  private static ConfigObject object(Node.Mapping document) {
    Node.Mapping metadata = mapping(document, "metadata");
    String namespace = text(metadata, "namespace");
    Map<String, String> annotations = new LinkedHashMap<>();
    mapping(metadata, "annotations")
        .entries()
        .forEach((name, value) -> annotations.put(name, ((Node.Text) value).value()));
    return new ConfigObject(
        "config.istio.io/v1alpha2",
        text(document, "kind"),
        namespace.isEmpty() ? "default" : namespace,
        text(metadata, "name"),
        Map.of(),
        annotations,
        mapping(document, "spec"),
        document.at());
  }

  private static String text(Node.Mapping mapping, String field) {
    return mapping.entries().get(field) instanceof Node.Text text ? text.value() : "";
  }

  private static Node.Mapping mapping(Node.Mapping mapping, String field) {
    return mapping.entries().get(field) instanceof Node.Mapping nested
        ? nested
        : Node.Mapping.empty(mapping.at());
  }

  private static List<Node> items(Node.Mapping mapping, String field) {
    return mapping.entries().get(field) instanceof Node.Items list ? list.items() : List.of();
  }

  private static Node node(org.snakeyaml.engine.v2.nodes.Node node) {
    Mark mark = node.getStartMark().orElseThrow();
    Position at = new Position("policy.yaml", mark.getLine() + 1, mark.getColumn() + 1);
    return switch (node) {
      case MappingNode mapping -> {
        LinkedHashMap<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
          entries.put(((ScalarNode) tuple.getKeyNode()).getValue(), node(tuple.getValueNode()));
        }
        yield new Node.Mapping(entries, at);
      }
      case SequenceNode sequence ->
          new Node.Items(sequence.getValue().stream().map(Yaml::node).toList(), at);
      default -> scalar((ScalarNode) node, at);
    };
  }

  private static Node scalar(ScalarNode scalar, Position at) {
    String value = scalar.getValue();
    return switch (scalar.getTag().getValue()) {
      case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float" ->
          new Node.Numeric(Double.parseDouble(value), at);
      case "tag:yaml.org,2002:bool" -> new Node.Truth(Boolean.parseBoolean(value), at);
      case "tag:yaml.org,2002:null" -> new Node.Null(at);
      default -> new Node.Text(value, at);
    };
  }
}
