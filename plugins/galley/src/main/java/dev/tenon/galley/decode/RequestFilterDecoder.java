package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.rules.FilterRule;
import dev.tenon.spi.rules.FilterRule.Mode;
import dev.tenon.spi.rules.FilterRule.Phase;
import dev.tenon.spi.rules.Meta;
import java.util.Map;

/** Reads {@code RequestFilter} of {@code extensions.tenon.dev}. What its config means is the plug-in's to say. */
final class RequestFilterDecoder {
  private static final int DEEPEST = 16;
  private static final int PRIORITIES = 1_000_000;
  private static final Map<String, Mode> MODES =
      Map.of("SERVER", Mode.SERVER, "CLIENT", Mode.CLIENT, "CLIENT_AND_SERVER", Mode.CLIENT_AND_SERVER);
  private static final Map<String, Phase> PHASES =
      Map.of(
          "AUTHN", Phase.AUTHN,
          "AUTHZ", Phase.AUTHZ,
          "STATS", Phase.STATS,
          "UNSPECIFIED_PHASE", Phase.UNSPECIFIED_PHASE);

  private RequestFilterDecoder() {}

  static FilterRule decode(Meta meta, Fields spec) {
    String plugin = spec.text("plugin");
    if (!plugin.isEmpty() && !Names.isName(plugin)) {
      spec.error("plugin", "\"" + plugin + "\" is no plug-in's name; it has lower-case letters, digits, '-' and '.'");
    }
    return new FilterRule(
        meta,
        spec.mapping("selector").map(each -> Values.labels(each, "matchLabels")).orElse(Map.of()),
        spec.oneOf("mode", MODES).orElse(Mode.SERVER),
        spec.oneOf("phase", PHASES).orElse(Phase.UNSPECIFIED_PHASE),
        spec.whole("priority", -PRIORITIES, PRIORITIES).orElse(0L).intValue(),
        plugin,
        config(spec, "config"),
        spec.oneOf("onFailure", Map.of("open", true, "closed", false)).orElse(false));
  }

  /** A mapping that is read elsewhere; only its form is looked at. */
  private static Node.Mapping config(Fields owner, String field) {
    if (!(owner.node(field).orElse(null) instanceof Node.Mapping mapping)) {
      // Says so when it is something else.
      owner.mapping(field);
      return Node.Mapping.empty(owner.at());
    }
    if (deeper(mapping, DEEPEST)) {
      owner.error(field, "is nested more than " + DEEPEST + " deep");
    }
    return mapping;
  }

  static boolean deeper(Node node, int levels) {
    return switch (node) {
      case Node.Scalar scalar -> false;
      case Node.Items list -> levels == 0 || list.items().stream().anyMatch(each -> deeper(each, levels - 1));
      case Node.Mapping mapping ->
          levels == 0 || mapping.entries().values().stream().anyMatch(each -> deeper(each, levels - 1));
    };
  }
}
