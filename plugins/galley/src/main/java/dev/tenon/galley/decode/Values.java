package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Readings that several kinds share, each with its errors. */
final class Values {
  /** A code of ours: accepted, and without effect or doubtful. */
  static final String DOUBTFUL = "TEN0004";

  private static final Duration LEAST = Duration.ofMillis(1);

  private Values() {}

  /** One text of a list, with its own place. */
  record Item(String text, String path, Position at) {}

  /** A list of texts; what is no text is an error. */
  static List<Item> items(Fields fields, String field) {
    List<Item> result = new ArrayList<>();
    int index = 0;
    for (Node node : fields.items(field)) {
      String path = fields.path(field + "[" + index++ + "]");
      if (node instanceof Node.Text text) {
        result.add(new Item(text.value(), path, node.at()));
      } else {
        report(fields, new Item("", path, node.at()), "should be text; put it in quotes");
      }
    }
    return result;
  }

  /** Says that an item is wrong. */
  static void report(Fields fields, Item item, String message) {
    fields.report(new Finding(Finding.Severity.ERROR, "TEN0002", item.at(), item.path(), message));
  }

  /** Says that an item is not carried out. */
  static void refuse(Fields fields, Item item, String reason) {
    fields.report(
        new Finding(
            Finding.Severity.ERROR,
            "TEN0003",
            item.at(),
            item.path(),
            "is not carried out by this build: " + reason));
  }

  /** Refuses what a field says, with the reason. */
  static void refuse(Fields fields, String field, String reason) {
    fields.error(field, "is not carried out by this build: " + reason, "TEN0003");
  }

  /** Refuses several fields for one reason. */
  static void refuseAll(Fields fields, String reason, String... names) {
    for (String name : names) {
      fields.refuse(name, reason);
    }
  }

  /** Refuses a switch that is on; off is what this build does anyway. */
  static void refuseTrue(Fields fields, String field, String reason) {
    if (fields.truth(field, false)) {
      refuse(fields, field, reason);
    }
  }

  /** A duration of at least a millisecond, as Istio asks. */
  static Optional<Duration> duration(Fields fields, String field) {
    Optional<Duration> duration = fields.duration(field);
    if (duration.isPresent() && duration.get().compareTo(LEAST) < 0) {
      fields.error(field, "is shorter than 1ms; leave it out for none");
      return Optional.empty();
    }
    return duration;
  }

  /** Labels: keys and values as Kubernetes writes them. */
  static Map<String, String> labels(Fields fields, String field) {
    Map<String, String> labels = new LinkedHashMap<>();
    fields
        .mapping(field)
        .ifPresent(nested -> nested.names().forEach(key -> labels.put(key, label(nested, key))));
    return labels;
  }

  private static String label(Fields labels, String key) {
    String value = labels.text(key);
    if (!Names.isLabelKey(key)) {
      labels.error(key, "is no label; a label has at most 63 letters, digits, '-', '_' and '.'");
    } else if (!Names.isLabelValue(value)) {
      labels.error(key, "\"" + value + "\" is no label value; at most 63 letters, digits, '-', '_' and '.'");
    }
    return value;
  }

  /** Who may see an object: {@code *} or namespaces, the own one resolved. */
  static List<String> exportTo(Fields fields, String namespace) {
    List<Item> items = items(fields, "exportTo");
    List<String> result = new ArrayList<>();
    for (Item item : items) {
      switch (item.text()) {
        case "*" -> result.add("*");
        case "." -> result.add(namespace);
        case "~" -> refuse(fields, item, "an object that nobody sees; write \".\" for its own namespace, or delete it");
        default -> {
          if (Names.isLabel(item.text())) {
            result.add(item.text());
          } else {
            report(fields, item, "\"" + item.text() + "\" is no namespace; write \"*\", \".\" or a namespace's name");
          }
        }
      }
    }
    if (result.contains("*") && result.size() > 1) {
      fields.error("exportTo", "\"*\" is everybody already; remove the others, or the \"*\"");
    }
    return result.isEmpty() ? List.of("*") : result.stream().distinct().sorted().toList();
  }

  /** Says that a list must have something in it. */
  static void requireSome(Fields fields, String field, List<?> items) {
    if (items.isEmpty()) {
      fields.error(field, fields.has(field) ? "is empty; give at least one" : "is required");
    }
  }
}
