package dev.tenon.galley.validate;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.Kind;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.spi.rules.PolicyRules;
import java.util.Optional;

/**
 * Handlers and instances that a rule names and nobody has (IST0101): a set that would leave a rule so is refused. Where rules lie so
 * already, as when a handler was deleted, that is told, and the rule's choice on failure decides.
 */
final class PolicyFindings {
  private PolicyFindings() {}

  static void add(World world) {
    world.each(PolicyRules.Rule.class, (decoded, rule) -> references(world, decoded, rule));
  }

  private static void references(World world, Decoded decoded, PolicyRules.Rule rule) {
    for (int i = 0; i < rule.actions().size(); i++) {
      PolicyRules.Action action = rule.actions().get(i);
      String path = "spec.actions[" + i + "]";
      if (!exists(world, Kind.HANDLER, action.handler(), rule.meta().namespace())) {
        world.refuse(decoded, "IST0101", path + ".handler", missing("handler", action.handler(), rule));
      }
      for (int j = 0; j < action.instances().size(); j++) {
        String instance = action.instances().get(j);
        if (!exists(world, Kind.INSTANCE, instance, rule.meta().namespace())) {
          world.refuse(decoded, "IST0101", path + ".instances[" + j + "]", missing("instance", instance, rule));
        }
      }
    }
  }

  private static String missing(String what, String name, PolicyRules.Rule rule) {
    return "Referenced " + what + " not found: \"" + name + "\"; apply it before the rule or with it. Where the rule is in force without it, its choice"
        + " on failure decides: " + (rule.failOpen() ? "open" : "closed");
  }

  /**
   * Mixer's names: {@code x}; {@code x.y}, where y is its old kind, or what it would have been a kind of
   * once, or its namespace; {@code x.kind.namespace}.
   */
  private static boolean exists(World world, Kind kind, String name, String namespace) {
    String[] parts = name.split("\\.", -1);
    return switch (parts.length) {
      case 1 -> find(world, kind, namespace, name).isPresent();
      case 2 -> ofType(world, kind, namespace, parts[0], parts[1]) || find(world, kind, parts[1], parts[0]).isPresent();
      case 3 ->
          parts[1].equals(kind.kindName())
              ? find(world, kind, parts[2], parts[0]).isPresent()
              : ofType(world, kind, parts[2], parts[0], parts[1]);
      default -> false;
    };
  }

  private static boolean ofType(World world, Kind kind, String namespace, String name, String type) {
    return Kind.of(kind.group(), type)
            .filter(old -> old.meaning() == kind && world.objects.containsKey(new ObjectKey(old, namespace, name)))
            .isPresent()
        || find(world, kind, namespace, name).filter(each -> each.equals(type)).isPresent();
  }

  /** The adapter or template of an object, whose name was its kind in Mixer's early days. */
  private static Optional<String> find(World world, Kind kind, String namespace, String name) {
    Decoded decoded = world.objects.get(new ObjectKey(kind, namespace, name));
    if (decoded == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (decoded.rule()) {
          case PolicyRules.Handler handler -> handler.adapter();
          case PolicyRules.InstanceRule instance -> instance.template();
          default -> "";
        });
  }
}
