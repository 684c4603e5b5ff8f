package dev.tenon.galley.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.galley.Samples;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every field of Istio's own schemas is known here: it changes what is carried out, or it is refused,
 * or it is said to be without effect. None is "unknown", and none is passed over in silence.
 */
class IstioFieldsTest {
  private static final Position AT = Position.of("crd");

  /** A valid spec of each kind, to which one field at a time is added. */
  private static final Map<String, String> BASE =
      Map.of(
          "VirtualService", "{hosts: [a], http: [{route: [{destination: {host: a}}, {destination: {host: b}, weight: 1}]}]}",
          "DestinationRule", "{host: a, subsets: [{name: v1}]}",
          "Gateway", "{servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [a]}]}",
          "ServiceEntry", "{hosts: [a.com], resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}]}",
          "WorkloadEntry", "{address: 127.0.0.1}",
          "WorkloadGroup", "{metadata: {labels: {app: a}}, template: {weight: 1}, probe: {httpGet: {port: 80}}}");

  /** Valid values where a made-up one would be refused for itself. */
  private static final Map<String, Object> VALUES =
      Map.ofEntries(
          Map.entry("exportTo", "other"), Map.entry("bind", "127.0.0.2"), Map.entry("address", "127.0.0.3"),
          Map.entry("retryOn", "reset"), Map.entry("redirectCode", 308.0), Map.entry("httpStatus", 503.0),
          Map.entry("simple", "RANDOM"), Map.entry("locality", "region/zone"));

  /** What is checked (a server's name is unique) and has no other effect in Istio but on names of figures. */
  private static final Set<String> NOTHING_CHANGES =
      Set.of("Gateway servers[].name");

  @TestFactory
  Stream<DynamicTest> noFieldOfIstioIsUnknownOrPassedOver() {
    List<Node> crds = new YamlText().parse("crd-all.yaml", Samples.read(Samples.path("istio-1.31/crd-all.yaml")));
    List<DynamicTest> tests = new ArrayList<>();
    for (Node crd : crds) {
      String kind = text(at(crd, "spec", "names", "kind"));
      if (BASE.containsKey(kind) && text(at(crd, "spec", "group")).equals("networking.istio.io")) {
        Node versions = at(crd, "spec", "versions");
        Node spec = at(((Node.Items) versions).items().getFirst(), "schema", "openAPIV3Schema", "properties", "spec");
        tests.add(DynamicTest.dynamicTest(kind, () -> check(kind, spec)));
      }
    }
    assertThat(tests).hasSize(6);
    return tests.stream();
  }

  private static void check(String kind, Node schema) {
    Set<String> unknown = new TreeSet<>();
    Set<String> silent = new TreeSet<>();
    Object base = java(new YamlText().parse("base", java.util.Objects.requireNonNull(BASE.get(kind))).getFirst());
    Decoded plain = ((Outcome.Good) decode(kind, base)).decoded();
    List<Leaf> leaves = new ArrayList<>();
    leaves(schema, "", null, leaves);
    assertThat(leaves).isNotEmpty();
    for (Leaf leaf : leaves) {
      switch (decode(kind, merge(base, leaf.tree()))) {
        case Outcome.Bad bad -> {
          if (bad.findings().stream().map(Finding::code).anyMatch("TEN0001"::equals)) {
            unknown.add(leaf.path());
          }
        }
        case Outcome.Good good -> {
          if (good.decoded().rule().equals(plain.rule()) && good.decoded().findings().isEmpty()) {
            silent.add(kind + " " + leaf.path());
          }
        }
      }
    }
    silent.removeAll(NOTHING_CHANGES);
    assertThat(unknown).isEmpty();
    assertThat(silent).isEmpty();
  }

  private static Outcome decode(String kind, Object spec) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", "networking.istio.io/v1");
    document.put("kind", kind);
    document.put("metadata", Map.of("name", "a"));
    document.put("spec", spec);
    return Decoder.decode(List.of(node(document)), "default", new YamlText()).getFirst();
  }

  /** One field of the schema, and a tree that holds just that. */
  private record Leaf(String path, Object tree) {}

  private interface Wrap {
    Object around(Object inner);
  }

  private static void leaves(Node schema, String path, @org.jspecify.annotations.Nullable Wrap wrap, List<Leaf> leaves) {
    Wrap outer = wrap == null ? inner -> inner : wrap;
    String type = text(at(schema, "type"));
    Node properties = at(schema, "properties");
    if (type.equals("object") && properties instanceof Node.Mapping mapping) {
      mapping.entries().forEach(
          (name, each) ->
              leaves(each, path.isEmpty() ? name : path + "." + name, inner -> outer.around(Map.of(name, inner)), leaves));
    } else if (type.equals("array")) {
      leaves(at(schema, "items"), path + "[]", inner -> outer.around(List.of(inner)), leaves);
    } else if (type.equals("object")) {
      leaves(at(schema, "additionalProperties"), path + "{}", inner -> outer.around(Map.of("http", inner)), leaves);
    } else {
      leaves.add(new Leaf(path, outer.around(value(schema, path, type))));
    }
  }

  private static Object value(Node schema, String path, String type) {
    String name = path.substring(path.lastIndexOf('.') + 1).replace("[]", "");
    Object given = VALUES.get(name);
    if (given != null) {
      return given;
    }
    if (at(schema, "enum") instanceof Node.Items choices) {
      return text(choices.items().getLast());
    }
    return switch (type) {
      case "boolean" -> true;
      case "integer", "number" -> 7.0;
      default -> name.endsWith("imeout") || name.endsWith("Delay") ? "3s" : "some-text";
    };
  }

  /** Deep: mappings by key, lists item by item. */
  private static Object merge(Object base, Object tree) {
    if (base instanceof Map<?, ?> left && tree instanceof Map<?, ?> right) {
      Map<Object, Object> result = new LinkedHashMap<>(left);
      right.forEach((key, value) -> result.merge(key, value, IstioFieldsTest::merge));
      return result;
    }
    if (base instanceof List<?> left && tree instanceof List<?> right && left.getFirst() instanceof Map) {
      List<Object> result = new ArrayList<>(left);
      result.set(0, merge(left.getFirst(), right.getFirst()));
      return result;
    }
    return tree;
  }

  private static Node at(Node node, String... path) {
    Node result = node;
    for (String name : path) {
      result = result instanceof Node.Mapping mapping ? mapping.entries().getOrDefault(name, new Node.Null(AT)) : new Node.Null(AT);
    }
    return result;
  }

  private static String text(Node node) {
    return node instanceof Node.Text text ? text.value() : "";
  }

  private static Object java(Node node) {
    return switch (node) {
      case Node.Mapping mapping -> {
        Map<String, Object> result = new LinkedHashMap<>();
        mapping.entries().forEach((name, each) -> result.put(name, java(each)));
        yield result;
      }
      case Node.Items items -> items.items().stream().map(IstioFieldsTest::java).toList();
      case Node.Text text -> text.value();
      case Node.Numeric number -> number.value();
      case Node.Truth truth -> truth.value();
      case Node.Null ignored -> Map.of();
    };
  }

  private static Node node(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        LinkedHashMap<String, Node> entries = new LinkedHashMap<>();
        map.forEach((key, each) -> entries.put(String.valueOf(key), node(each)));
        yield new Node.Mapping(entries, AT);
      }
      case List<?> list -> new Node.Items(list.stream().map(IstioFieldsTest::node).toList(), AT);
      case Double number -> new Node.Numeric(number, AT);
      case Boolean truth -> new Node.Truth(truth, AT);
      default -> new Node.Text(String.valueOf(value), AT);
    };
  }
}
