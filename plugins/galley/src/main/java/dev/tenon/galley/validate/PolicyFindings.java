package dev.tenon.galley.validate;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.Kind;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.spi.rules.PolicyRules;

/** Handlers and instances that a rule names and nobody has (IST0101). */
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
        world.warn(decoded, "IST0101", path + ".handler", missing("handler", action.handler(), rule));
      }
      for (int j = 0; j < action.instances().size(); j++) {
        String instance = action.instances().get(j);
        if (!exists(world, Kind.INSTANCE, instance, rule.meta().namespace())) {
          world.warn(decoded, "IST0101", path + ".instances[" + j + "]", missing("instance", instance, rule));
        }
      }
    }
  }

  private static String missing(String what, String name, PolicyRules.Rule rule) {
    return "Referenced " + what + " not found: \"" + name + "\"; apply it, for until then the rule's choice on failure decides: "
        + (rule.failOpen() ? "open" : "closed");
  }

  /** Mixer's names: {@code x}, {@code x.namespace}, {@code x.kind.namespace}. */
  private static boolean exists(World world, Kind kind, String name, String namespace) {
    String[] parts = name.split("\\.", -1);
    return switch (parts.length) {
      case 1 -> world.objects.containsKey(new ObjectKey(kind, namespace, name));
      case 2 -> world.objects.containsKey(new ObjectKey(kind, parts[1], parts[0]));
      case 3 -> parts[1].equals(kind.kindName()) && world.objects.containsKey(new ObjectKey(kind, parts[2], parts[0]));
      default -> false;
    };
  }
}
