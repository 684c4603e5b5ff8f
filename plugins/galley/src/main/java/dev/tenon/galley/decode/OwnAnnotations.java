package dev.tenon.galley.decode;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.config.TextParser;
import dev.tenon.spi.rules.DestinationRule.PlugBalancer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The annotations of this mesh's own: what kinds of Istio's have no field for. Others are left alone.
 *
 * @param failOpen what a rule says of an adapter that is absent or fails
 * @param balancer who chooses endpoints, by a DestinationRule
 */
record OwnAnnotations(boolean failOpen, Optional<PlugBalancer> balancer) {
  static final OwnAnnotations NONE = new OwnAnnotations(false, Optional.empty());

  private static final String BALANCER = "traffic.tenon.dev/balancer";
  private static final String BALANCER_CONFIG = "traffic.tenon.dev/balancer-config";
  private static final List<String> PREFIXES = List.of("policy.tenon.dev/", "traffic.tenon.dev/");
  private static final int DEEPEST = 16;

  /** On which kind each stands. */
  private static final Map<String, Kind> KNOWN =
      new TreeMap<>(
          Map.of(
              PolicyDecoder.ON_FAILURE, Kind.RULE,
              BALANCER, Kind.DESTINATION_RULE,
              BALANCER_CONFIG, Kind.DESTINATION_RULE));

  static OwnAnnotations read(Fields annotations, Kind kind, TextParser texts) {
    for (String key : annotations.names()) {
      PREFIXES.stream().filter(key::startsWith).forEach(prefix -> check(annotations, key, prefix, kind));
    }
    boolean open =
        kind == Kind.RULE
            && annotations.oneOf(PolicyDecoder.ON_FAILURE, Map.of("open", true, "closed", false)).orElse(false);
    return new OwnAnnotations(
        open, kind == Kind.DESTINATION_RULE ? balancer(annotations, texts) : Optional.empty());
  }

  private static void check(Fields annotations, String key, String prefix, Kind kind) {
    Kind where = KNOWN.get(key);
    if (where == null) {
      annotations.error(
          key,
          "unknown annotation; known: "
              + KNOWN.keySet().stream().filter(each -> each.startsWith(prefix)).collect(Collectors.joining(", ")));
    } else if (kind != where) {
      annotations.error(key, "stands on a " + where.kindName() + ", not on a " + kind.kindName(), "IST0107");
    }
  }

  private static Optional<PlugBalancer> balancer(Fields annotations, TextParser texts) {
    Optional<String> name = annotations.optionalText(BALANCER);
    if (name.isEmpty()) {
      if (annotations.has(BALANCER_CONFIG)) {
        annotations.error(BALANCER_CONFIG, "configures nothing; say which balancer with " + BALANCER);
      }
      return Optional.empty();
    }
    if (!Names.isName(name.get())) {
      annotations.error(BALANCER, "\"" + name.get() + "\" is no plug-in's name; it has lower-case letters, digits, '-' and '.'");
    }
    return Optional.of(new PlugBalancer(name.get(), config(annotations, texts)));
  }

  /** An annotation is text; this one holds YAML. */
  private static Node.Mapping config(Fields annotations, TextParser texts) {
    Position at = annotations.at(BALANCER_CONFIG);
    String text = annotations.text(BALANCER_CONFIG, "");
    try {
      List<Node> documents = texts.parse("annotation", text);
      if (documents.size() == 1 && documents.getFirst() instanceof Node.Mapping mapping) {
        if (RequestFilterDecoder.deeper(mapping, DEEPEST)) {
          annotations.error(BALANCER_CONFIG, "is nested more than " + DEEPEST + " deep");
        }
        return (Node.Mapping) placed(mapping, at);
      }
      if (!documents.isEmpty()) {
        annotations.error(BALANCER_CONFIG, "should be YAML of one mapping, like \"field: value\"");
      }
    } catch (BadConfig e) {
      annotations.error(
          BALANCER_CONFIG,
          "cannot be read: "
              + e.findings().stream()
                  .findFirst()
                  .map(each -> "its line " + each.at().line() + " " + each.message())
                  .orElse("it is no YAML"));
    }
    return Node.Mapping.empty(at);
  }

  /** The same, said to stand where its annotation stands: places within that are nobody's. */
  private static Node placed(Node node, Position at) {
    return switch (node) {
      case Node.Text text -> new Node.Text(text.value(), at);
      case Node.Numeric number -> new Node.Numeric(number.value(), at);
      case Node.Truth truth -> new Node.Truth(truth.value(), at);
      case Node.Null nothing -> new Node.Null(at);
      case Node.Items list -> new Node.Items(list.items().stream().map(each -> placed(each, at)).toList(), at);
      case Node.Mapping mapping -> {
        SequencedMap<String, Node> entries = new LinkedHashMap<>();
        mapping.entries().forEach((name, each) -> entries.put(name, placed(each, at)));
        yield new Node.Mapping(entries, at);
      }
    };
  }
}
