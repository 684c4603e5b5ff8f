package dev.tenon.mixer.accept;

import dev.tenon.mixer.check.ValueType;
import dev.tenon.spi.policy.Template;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which types of value the fields of templates take, and what templates that make attributes say. */
final class TemplateShapes {
  /** What can be looked for in a list: text of any kind, or an address. */
  private static final Set<ValueType> ENTRY =
      EnumSet.of(
          ValueType.STRING,
          ValueType.IP_ADDRESS,
          ValueType.DNS_NAME,
          ValueType.URI,
          ValueType.EMAIL_ADDRESS);

  /** Whatever is one value. */
  private static final Set<ValueType> ANY = EnumSet.complementOf(EnumSet.of(ValueType.STRING_MAP));

  private static final Set<ValueType> TEXT = EnumSet.of(ValueType.STRING);

  /** A whole number, or what a header says in digits. */
  private static final Set<ValueType> AMOUNT = EnumSet.of(ValueType.INT64, ValueType.STRING);

  private static final Shape MAP = new Shape.Many(ANY);

  private TemplateShapes() {}

  /** What a field is made of. */
  sealed interface Shape {
    /** One value. */
    record One(Set<ValueType> types, boolean required) implements Shape {}

    /** A map of values; empty when left out. */
    record Many(Set<ValueType> types) implements Shape {}

    /** Fields of its own; empty when left out. */
    record Nested(Map<String, Shape> fields) implements Shape {}
  }

  /** The fields of a template, by the names that {@link Template#fields} has. */
  static Map<String, Shape> of(Template template) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (String field : template.fields()) {
      shapes.put(field, field(template, field));
    }
    return shapes;
  }

  private static Shape field(Template template, String field) {
    return switch (template) {
      case LISTENTRY -> new Shape.One(ENTRY, true);
      case AUTHORIZATION ->
          field.equals("subject")
              ? nested("user", "groups")
              : nested("namespace", "service", "method", "path");
      case APIKEY -> field.equals("apiKey") ? new Shape.One(TEXT, true) : optional(type(field));
      case QUOTA -> field.equals("amount") ? new Shape.One(AMOUNT, false) : MAP;
      case METRIC -> field.equals("value") ? new Shape.One(ANY, true) : report(field);
      default -> report(field);
    };
  }

  private static Shape report(String field) {
    return switch (field) {
      case "dimensions", "variables", "spanTags", "monitoredResourceDimensions" -> MAP;
      default -> optional(type(field));
    };
  }

  private static ValueType type(String field) {
    return switch (field) {
      case "timestamp", "startTime", "endTime" -> ValueType.TIMESTAMP;
      case "clientSpan", "rewriteClientSpanId" -> ValueType.BOOL;
      case "httpStatusCode", "requestSize", "requestTotalSize", "responseSize", "responseTotalSize", "destination_port" ->
          ValueType.INT64;
      case "sourceIp", "destinationIp", "source_ip", "destination_ip" -> ValueType.IP_ADDRESS;
      default -> ValueType.STRING;
    };
  }

  private static Shape optional(ValueType type) {
    return new Shape.One(EnumSet.of(type), false);
  }

  private static Shape nested(String... texts) {
    Map<String, Shape> fields = new LinkedHashMap<>();
    Arrays.stream(texts).forEach(each -> fields.put(each, optional(ValueType.STRING)));
    fields.put("properties", MAP);
    return new Shape.Nested(fields);
  }

  /** What instances of a template say, by name; empty for one that makes no attributes. */
  static Map<String, ValueType> outputs(Template template) {
    Map<String, ValueType> outputs = new LinkedHashMap<>();
    if (template == Template.KUBERNETES) {
      for (String side : new String[] {"source_", "destination_"}) {
        for (String text : KUBERNETES_TEXTS) {
          outputs.put(side + text, ValueType.STRING);
        }
        outputs.put(side + "pod_ip", ValueType.IP_ADDRESS);
        outputs.put(side + "host_ip", ValueType.IP_ADDRESS);
        outputs.put(side + "labels", ValueType.STRING_MAP);
      }
      outputs.put("destination_container_name", ValueType.STRING);
    }
    return outputs;
  }

  private static final Collection<String> KUBERNETES_TEXTS =
      Set.of(
          "pod_uid", "pod_name", "namespace", "owner", "service_account_name", "workload_uid", "workload_name",
          "workload_namespace");
}
