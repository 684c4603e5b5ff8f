package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import java.util.ArrayList;
import java.util.List;

/** Reads references to gateways: {@code mesh}, {@code name}, {@code namespace/name}. */
final class GatewayNames {
  /** The reserved name of all sidecars. */
  static final String MESH = "mesh";

  private GatewayNames() {}

  /** As {@code mesh} or {@code namespace/name}; empty when the field is absent. */
  static List<String> read(Fields fields, String namespace) {
    List<String> result = new ArrayList<>();
    for (Values.Item item : Values.items(fields, "gateways")) {
      String name = resolve(item.text(), namespace);
      if (name.isEmpty()) {
        Values.report(
            fields,
            item,
            "\"" + item.text() + "\" is no gateway; write mesh, a gateway's name, or namespace/name");
      }
      result.add(name);
    }
    return result.stream().distinct().toList();
  }

  private static String resolve(String text, String namespace) {
    if (text.equals(MESH)) {
      return MESH;
    }
    int slash = text.indexOf('/');
    if (slash >= 0) {
      return qualified(text.substring(0, slash), text.substring(slash + 1));
    }
    String[] parts = text.split("\\.", -1);
    // The form of old: name.namespace.svc.domain.
    return parts.length > 1 ? qualified(parts[1], parts[0]) : qualified(namespace, text);
  }

  private static String qualified(String namespace, String name) {
    return Names.isLabel(namespace) && Names.isLabel(name) ? namespace + "/" + name : "";
  }
}
