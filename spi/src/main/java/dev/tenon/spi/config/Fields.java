package dev.tenon.spi.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one mapping strictly: each field once, by its type; what nobody asked for is an error. All
 * that is wrong is collected, so that an operator sees it at once, and thrown by {@link #finish} of
 * the outermost mapping. A getter that found an error returns its fall-back value.
 *
 * <p>Not thread-safe.
 */
public final class Fields {
  private final Node.Mapping mapping;
  private final String path;
  private final List<Finding> findings;
  private final Set<String> asked = new HashSet<>();
  private final List<Fields> children = new ArrayList<>();

  private Fields(Node.Mapping mapping, String path, List<Finding> findings) {
    this.mapping = mapping;
    this.path = path;
    this.findings = findings;
  }

  /** Reads the outermost mapping. */
  public static Fields of(Node.Mapping mapping) {
    return new Fields(mapping, "", new ArrayList<>());
  }

  /** Reads a mapping that lies at a path of a larger object. */
  public static Fields of(Node.Mapping mapping, String path) {
    return new Fields(mapping, path, new ArrayList<>());
  }

  /** Where the mapping begins. */
  public Position at() {
    return mapping.at();
  }

  /** Where a field's value begins, or the mapping when the field is absent. */
  public Position at(String field) {
    Node node = mapping.entries().get(field);
    return node == null ? mapping.at() : node.at();
  }

  /** The path of this mapping in the object; empty for the outermost. */
  public String path() {
    return path;
  }

  /** The path of a field. */
  public String path(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  /** Whether the field is there and not null. */
  public boolean has(String field) {
    Node node = mapping.entries().get(field);
    return node != null && !(node instanceof Node.Null);
  }

  /** The names of the fields that are there, in the order written. */
  public List<String> names() {
    return List.copyOf(mapping.entries().keySet());
  }

  /** The raw value, if it is there and not null. */
  public Optional<Node> node(String field) {
    return Optional.ofNullable(take(field));
  }

  /** Text; a missing one is an error. */
  public String text(String field) {
    return optionalText(field).orElseGet(() -> missing(field, ""));
  }

  /** Text, or a fall-back. */
  public String text(String field, String fallback) {
    return optionalText(field).orElse(fallback);
  }

  /** Text, if it is there. */
  public Optional<String> optionalText(String field) {
    Node node = take(field);
    return switch (node) {
      case null -> Optional.empty();
      case Node.Text text -> Optional.of(text.value());
      default -> {
        wrongType(node, field, "text; put it in quotes");
        yield Optional.empty();
      }
    };
  }

  /** A whole number within bounds, if it is there. */
  public Optional<Long> whole(String field, long least, long most) {
    Node node = take(field);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof Node.Numeric number && number.value() == Math.rint(number.value())) {
      long value = (long) number.value();
      if (value >= least && value <= most) {
        return Optional.of(value);
      }
      error(field, value + " is not between " + least + " and " + most);
      return Optional.empty();
    }
    wrongType(node, field, "a whole number");
    return Optional.empty();
  }

  /** A whole number within bounds; a missing one is an error. */
  public int port(String field) {
    if (!has(field)) {
      take(field);
      return missing(field, 1);
    }
    return whole(field, 1, 65535).orElse(1L).intValue();
  }

  /** A number within bounds, if it is there. */
  public Optional<Double> number(String field, double least, double most) {
    Node node = take(field);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof Node.Numeric number) {
      if (number.value() >= least && number.value() <= most) {
        return Optional.of(number.value());
      }
      error(field, number.value() + " is not between " + least + " and " + most);
      return Optional.empty();
    }
    wrongType(node, field, "a number");
    return Optional.empty();
  }

  /** True or false, or a fall-back. */
  public boolean truth(String field, boolean fallback) {
    Node node = take(field);
    return switch (node) {
      case null -> fallback;
      case Node.Truth truth -> truth.value();
      default -> {
        wrongType(node, field, "true or false");
        yield fallback;
      }
    };
  }

  /** A duration in Go's and protobuf's form, {@code 1m30s}, {@code 250ms}, {@code 0.5s}, if there. */
  public Optional<Duration> duration(String field) {
    Optional<String> text = optionalText(field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> duration = Durations.parse(text.get());
    if (duration.isEmpty()) {
      error(field, "\"" + text.get() + "\" is no duration; write it like 1.5s, 250ms or 1m30s");
    }
    return duration;
  }

  /** One of some names, each standing for a value, if it is there. */
  public <T> Optional<T> oneOf(String field, Map<String, T> values) {
    Optional<String> text = optionalText(field);
    if (text.isPresent() && !values.containsKey(text.get())) {
      error(field, "\"" + text.get() + "\" is none of " + String.join(", ", values.keySet().stream().sorted().toList()));
      return Optional.empty();
    }
    return text.map(values::get);
  }

  /** A nested mapping, if it is there. Its unknown fields are reported with this one's. */
  public Optional<Fields> mapping(String field) {
    Node node = take(field);
    return switch (node) {
      case null -> Optional.empty();
      case Node.Mapping nested -> Optional.of(child(nested, path(field)));
      default -> {
        wrongType(node, field, "a mapping");
        yield Optional.empty();
      }
    };
  }

  /** A list of mappings; empty when the field is absent. */
  public List<Fields> mappings(String field) {
    List<Fields> result = new ArrayList<>();
    int index = 0;
    for (Node item : items(field)) {
      String where = field + "[" + index++ + "]";
      if (item instanceof Node.Mapping nested) {
        result.add(child(nested, path(where)));
      } else {
        wrongType(item, where, "a mapping");
      }
    }
    return result;
  }

  /** A list of texts; empty when the field is absent. */
  public List<String> texts(String field) {
    List<String> result = new ArrayList<>();
    int index = 0;
    for (Node item : items(field)) {
      String where = field + "[" + index++ + "]";
      if (item instanceof Node.Text text) {
        result.add(text.value());
      } else {
        wrongType(item, where, "text; put it in quotes");
      }
    }
    return result;
  }

  /** A list of whatever; empty when the field is absent. */
  public List<Node> items(String field) {
    Node node = take(field);
    return switch (node) {
      case null -> List.of();
      case Node.Items list -> list.items();
      default -> {
        wrongType(node, field, "a list");
        yield List.of();
      }
    };
  }

  /** A mapping of names to text, in the order written; empty when the field is absent. */
  public Map<String, String> textMap(String field) {
    Map<String, String> result = new LinkedHashMap<>();
    mapping(field)
        .ifPresent(nested -> nested.names().forEach(name -> result.put(name, nested.text(name))));
    return result;
  }

  /** A mapping of names to mappings, each read by a function; empty when the field is absent. */
  public <T> Map<String, T> map(String field, Function<Fields, T> reader) {
    Map<String, T> result = new LinkedHashMap<>();
    mapping(field)
        .ifPresent(
            nested ->
                nested.names().forEach(
                    name -> nested.mapping(name).ifPresent(each -> result.put(name, reader.apply(each)))));
    return result;
  }

  /** At most one of these may be there. Returns the one that is, if any. */
  public Optional<String> atMostOne(String... fields) {
    List<String> there = new ArrayList<>();
    for (String field : fields) {
      if (has(field)) {
        there.add(field);
      }
    }
    if (there.size() > 1) {
      error(there.get(1), "only one of " + String.join(", ", there) + " may be given; remove the others");
    }
    return there.stream().findFirst();
  }

  /** Refuses a known field that this build does not carry out, with the reason. */
  public void refuse(String field, String reason) {
    if (has(field)) {
      take(field);
      error(field, "is not carried out by this build: " + reason, "TEN0003");
    }
  }

  /** Says that a field's value is wrong. */
  public void error(String field, String message) {
    error(field, message, "TEN0002");
  }

  /** Says that a field's value is wrong, with a code of its own. */
  public void error(String field, String message, String code) {
    findings.add(new Finding(Finding.Severity.ERROR, code, at(field), path(field), message));
  }

  /** Says that a field's value is doubtful; it is accepted all the same. */
  public void warn(String field, String message, String code) {
    findings.add(new Finding(Finding.Severity.WARNING, code, at(field), path(field), message));
  }

  /** Adds a finding of the caller's own making, for a place without a name: an item of a list. */
  public void report(Finding finding) {
    findings.add(finding);
  }

  /** Everything found so far in the whole object, unknown fields excepted. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Reports what nobody asked for, here and in every nested mapping, and returns all findings. */
  public List<Finding> close() {
    for (Map.Entry<String, Node> entry : mapping.entries().entrySet()) {
      if (!asked.contains(entry.getKey())) {
        String known = String.join(", ", asked.stream().sorted().toList());
        findings.add(
            new Finding(
                Finding.Severity.ERROR,
                "TEN0001",
                entry.getValue().at(),
                path(entry.getKey()),
                "unknown field" + (known.isEmpty() ? "" : "; known here: " + known)));
      }
    }
    children.forEach(Fields::close);
    return List.copyOf(findings);
  }

  /**
   * Ends the reading.
   *
   * @throws BadConfig when anything was an error, with all findings
   */
  public void finish() {
    List<Finding> all = close();
    if (all.stream().anyMatch(each -> each.severity() == Finding.Severity.ERROR)) {
      throw new BadConfig(all);
    }
  }

  private Fields child(Node.Mapping nested, String where) {
    Fields child = new Fields(nested, where, findings);
    children.add(child);
    return child;
  }

  private @Nullable Node take(String field) {
    asked.add(field);
    Node node = mapping.entries().get(field);
    return node instanceof Node.Null ? null : node;
  }

  private <T> T missing(String field, T fallback) {
    error(field, "is required");
    return fallback;
  }

  private void wrongType(Node node, String field, String wanted) {
    findings.add(
        new Finding(
            Finding.Severity.ERROR,
            "TEN0002",
            node.at(),
            path(field),
            "should be " + wanted + ", not " + nameOf(node)));
  }

  private static String nameOf(Node node) {
    return switch (node) {
      case Node.Text text -> "the text \"" + text.value() + "\"";
      case Node.Numeric number -> "the number " + number.value();
      case Node.Truth truth -> String.valueOf(truth.value());
      case Node.Null ignored -> "null";
      case Node.Items ignored -> "a list";
      case Node.Mapping ignored -> "a mapping";
    };
  }
}
