package dev.tenon.galley.validate;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where in its file a path of an object was written. */
final class Places {
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d+)]");

  private Places() {}

  /** A warning at a path such as {@code spec.http[0].route[1]}, or at the object where that is not. */
  static Finding warning(Decoded of, String code, String path, String message) {
    return new Finding(Finding.Severity.WARNING, code, at(of, path), path, message);
  }

  /** An error, which refuses a set that brings it about. */
  static Finding error(Decoded of, String code, String path, String message) {
    return new Finding(Finding.Severity.ERROR, code, at(of, path), path, message);
  }

  /** Something worth knowing, no more. */
  static Finding info(Decoded of, String code, String path, String message) {
    return new Finding(Finding.Severity.INFO, code, at(of, path), path, message);
  }

  private static Position at(Decoded of, String path) {
    if (!path.startsWith("spec")) {
      return of.object().at();
    }
    Node node = of.object().spec();
    Matcher steps = STEP.matcher(path.substring("spec".length()));
    while (steps.find()) {
      Node next = step(node, steps);
      if (next == null) {
        break;
      }
      node = next;
    }
    return node.at();
  }

  private static @org.jspecify.annotations.Nullable Node step(Node node, Matcher step) {
    if (step.group(1) != null) {
      return node instanceof Node.Mapping mapping ? mapping.entries().get(step.group(1)) : null;
    }
    int index = Integer.parseInt(step.group(2));
    return node instanceof Node.Items list && index < list.items().size() ? list.items().get(index) : null;
  }
}
