package dev.tenon.galley.decode;

import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.rules.PolicyRules;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Objects as validators are shown them. */
final class Shown {
  private Shown() {}

  static ConfigObject of(ConfigObject object, Object rule) {
    SequencedMap<String, Node> spec = new LinkedHashMap<>();
    switch (rule) {
      case PolicyRules.Handler handler when !object.spec().entries().containsKey("compiledAdapter") -> {
        spec.put("compiledAdapter", new Node.Text(handler.adapter(), object.at()));
        spec.put("params", handler.params());
      }
      case PolicyRules.InstanceRule instance when !object.spec().entries().containsKey("compiledTemplate") -> {
        spec.put("compiledTemplate", new Node.Text(instance.template(), object.at()));
        spec.put("params", instance.params());
        if (!instance.bindings().entries().isEmpty()) {
          spec.put("attributeBindings", instance.bindings());
        }
      }
      default -> {
        return object;
      }
    }
    return new ConfigObject(
        object.apiVersion(),
        object.kind(),
        object.namespace(),
        object.name(),
        object.labels(),
        object.annotations(),
        new Node.Mapping(spec, object.spec().at()),
        object.at());
  }
}
