package dev.tenon.mixer.answer;

import dev.tenon.spi.policy.HeaderEdit;
import dev.tenon.spi.rules.PolicyRules.HeaderRule.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Changes of a head in the few forms that Envoy takes from a service. A header that cannot be sent is left out, as in a sidecar. */
final class HeadChanges {
  private HeadChanges() {}

  /** A request's: each header that changes is given its final value, or goes. */
  static void request(Map<String, String> before, Seen after, List<HeaderEdit> edits, BiConsumer<String, String> set, Consumer<String> remove) {
    Set<String> names = new LinkedHashSet<>();
    edits.forEach(each -> names.add(each.name()));
    for (String name : names) {
      String value = after.headers().get(name);
      if (value != null && sendable(value)) {
        set.accept(name, value);
      } else if (value == null && before.containsKey(name)) {
        remove.accept(name);
      }
    }
  }

  /** An answer's that another makes: what is put in the place of a header, and what is added to it. Envoy can take none away. */
  static void response(List<HeaderEdit> edits, BiConsumer<String, String> set, BiConsumer<String, String> add) {
    for (HeaderEdit edit : latest(edits)) {
      if (edit.operation() == Operation.REPLACE) {
        set.accept(edit.name(), edit.value());
      } else if (edit.operation() == Operation.APPEND) {
        add.accept(edit.name(), edit.value());
      }
    }
  }

  /** An answer's that is made of nothing but these. */
  static Map<String, String> whole(List<HeaderEdit> edits) {
    Map<String, String> all = new LinkedHashMap<>();
    for (HeaderEdit edit : latest(edits)) {
      if (edit.operation() != Operation.REMOVE) {
        all.merge(edit.name(), edit.value(), (one, other) -> one + "," + other);
      }
    }
    return all;
  }

  /** Without what a later one undoes. */
  private static List<HeaderEdit> latest(List<HeaderEdit> edits) {
    List<HeaderEdit> left = new ArrayList<>();
    for (HeaderEdit edit : edits) {
      if (edit.operation() != Operation.APPEND) {
        left.removeIf(each -> each.name().equals(edit.name()));
      }
      if (sendable(edit.value())) {
        left.add(edit);
      }
    }
    return left;
  }

  /** RFC 9110, 5.5: no control characters but the tab. */
  private static boolean sendable(String value) {
    return value.chars().allMatch(c -> (c >= ' ' || c == '\t') && c != 0x7f && c < 0x100);
  }
}
