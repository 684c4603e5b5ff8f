package dev.tenon.cli.policy;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.Sketch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One test of policy: requests in order, with what should become of them. Counters begin empty.
 *
 * @param name for reports
 * @param namespace of the workload that is called
 */
record Case(String name, Position at, String namespace, List<Step> steps) {
  private static final int MOST_TIMES = 100_000;
  private static final int MOST_STEPS = 1_000;

  Case {
    steps = List.copyOf(steps);
  }

  /**
   * Some equal requests.
   *
   * @param after how long time passes before them
   */
  record Step(Position at, Duration after, long times, Sketch request, Expected expected) {}

  /** Reads one; what is wrong is noted in the fields. */
  static Case read(Fields fields) {
    String namespace = fields.text("namespace", "default");
    Described described = Described.of(fields.mapping("request"), Described.called(fields, namespace));
    List<Step> steps = new ArrayList<>();
    List<Fields> written = fields.mappings("steps");
    if (written.isEmpty()) {
      steps.add(new Step(fields.at(), Duration.ZERO, 1, described.sketch(), expected(fields)));
    } else if (fields.has("expect")) {
      fields.error("expect", "stands beside steps; each step has its own");
    }
    if (written.size() > MOST_STEPS) {
      fields.error("steps", "are more than " + MOST_STEPS);
    }
    for (Fields each : written) {
      steps.add(
          new Step(
              each.at(),
              each.duration("after").orElse(Duration.ZERO),
              each.whole("times", 1, MOST_TIMES).orElse(1L),
              Described.of(each.mapping("request"), described).sketch(),
              expected(each)));
    }
    return new Case(fields.text("name"), fields.at(), namespace, steps);
  }

  private static Expected expected(Fields fields) {
    Optional<Fields> expect = fields.mapping("expect");
    if (expect.isEmpty()) {
      if (!fields.has("expect")) {
        fields.error("expect", "is required: what should become of the request");
      }
      return Expected.NOTHING;
    }
    return Expected.read(expect.get());
  }

  /** A request as it is written, over another that it begins with. */
  private record Described(String method, String host, String path, Map<String, String> headers, Map<String, Object> attributes) {
    /** What every request to the service has. */
    static Described called(Fields fields, String namespace) {
      Map<String, Object> attributes = new HashMap<>();
      attributes.put("destination.namespace", namespace);
      attributes.put("destination.service.namespace", namespace);
      String host = "";
      Optional<String> service = fields.optionalText("service");
      if (service.isPresent()) {
        host = service.get().contains(".") ? service.get() : service.get() + "." + namespace + ".svc.cluster.local";
        attributes.put("destination.service", host);
        attributes.put("destination.service.host", host);
        attributes.put("destination.service.name", host.substring(0, host.indexOf('.')));
      }
      return new Described("GET", host, "/", Map.of(), attributes);
    }

    static Described of(Optional<Fields> written, Described base) {
      if (written.isEmpty()) {
        return base;
      }
      Fields fields = written.get();
      Map<String, String> headers = new LinkedHashMap<>(base.headers);
      fields.textMap("headers").forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
      Map<String, Object> attributes = new HashMap<>(base.attributes);
      fields.mapping("source").ifPresent(source -> workload(source, "source", attributes));
      fields.mapping("destination").ifPresent(destination -> workload(destination, "destination", attributes));
      fields.mapping("attributes").ifPresent(more -> more.names().forEach(name -> more.node(name).ifPresent(node -> {
        try {
          attributes.put(name, Written.value(node));
        } catch (dev.tenon.cli.client.Refused e) {
          more.error(name, "is no value of an attribute; write text, true, false, or a type and its text, like {int64: \"20\"}");
        }
      })));
      return new Described(
          fields.text("method", base.method), fields.text("host", base.host), fields.text("path", base.path), headers, attributes);
    }

    private static void workload(Fields fields, String side, Map<String, Object> attributes) {
      Optional<String> name = fields.optionalText("name");
      String namespace = fields.text("namespace", String.valueOf(attributes.getOrDefault(side + ".namespace", "default")));
      attributes.put(side + ".namespace", namespace);
      attributes.put(side + ".workload.namespace", namespace);
      name.ifPresent(each -> {
        attributes.put(side + ".name", each);
        attributes.put(side + ".workload.name", each);
        attributes.put(side + ".uid", "kubernetes://" + each + "." + namespace);
      });
      attributes.put(side + ".labels", Map.copyOf(fields.textMap("labels")));
      fields.optionalText("ip").ifPresent(text -> {
        try {
          attributes.put(side + ".ip", java.net.InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
          fields.error("ip", "\"" + text + "\" is no IP address");
        }
      });
    }

    Sketch sketch() {
      return new Sketch(method, host, path, headers, attributes);
    }
  }
}
