package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.spi.rules.PolicyRules.Action;
import dev.tenon.spi.rules.PolicyRules.Handler;
import dev.tenon.spi.rules.PolicyRules.InstanceRule;
import dev.tenon.spi.rules.PolicyRules.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code RateLimit} of {@code policy.tenon.dev}: who, what, how many, which window, what then. */
final class RateLimitDecoder {
  private static final long MOST = 1_000_000_000_000L;
  private static final Map<String, String> ALGORITHMS =
      Map.of("ROLLING_WINDOW", "ROLLING_WINDOW", "FIXED_WINDOW", "FIXED_WINDOW", "GCRA", "GCRA");
  private static final int BUCKETS = 10;
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private RateLimitDecoder() {}

  static RateLimit decode(Meta meta, Fields spec) {
    if (!meta.name().isEmpty() && !Names.isLabel(meta.name())) {
      spec.report(
          new dev.tenon.spi.config.Finding(
              dev.tenon.spi.config.Finding.Severity.ERROR, "TEN0002", spec.at(), "metadata.name",
              "\"" + meta.name() + "\" is no name of a RateLimit; it has at most 63 lower-case letters, digits and '-'"));
    }
    String handler = meta.name() + "." + RateLimit.KIND;
    InstanceRule instance = instance(meta, spec);
    Handler made = handler(meta, spec);
    Node.Text match = spec.node("match").orElse(null) instanceof Node.Text text ? text : RateLimit.text(spec.text("match", ""), spec.at("match"));
    if (match.value().strip().startsWith("cel:")) {
      spec.error("match", "of a RateLimit is in Mixer's language, since its services are joined with it; write a handler, an instance and a rule for CEL");
    }
    Rule rule =
        new Rule(
            new Meta(meta.namespace(), RateLimit.KIND + "/" + meta.name(), meta.at()),
            Cexl.and(services(meta, spec), match.value()),
            match.at(),
            List.of(new Action(handler, List.of(handler))),
            spec.oneOf("onFailure", Map.of("open", true, "closed", false)).orElse(false),
            spec.oneOf("onExceed", Map.of("DENY", false, "ALLOW", true)).orElse(false),
            List.of(),
            List.of());
    return new RateLimit(made, instance, rule, match);
  }

  private static InstanceRule instance(Meta meta, Fields spec) {
    Node.Mapping dimensions = texts(spec, "per");
    Map<String, Node> params = new LinkedHashMap<>(Map.of("dimensions", dimensions));
    long cost = 1;
    // A number, or an expression: what the request itself says.
    if (spec.has("cost") && spec.node("cost").orElse(null) instanceof Node.Text expression) {
      params.put("amount", expression);
    } else {
      cost = spec.whole("cost", 1, MOST).orElse(1L);
    }
    return new InstanceRule(
        meta,
        RateLimit.KIND,
        "quota",
        RateLimit.mapping(dimensions.at(), params),
        Node.Mapping.empty(spec.at()),
        Optional.of(List.of(new PolicyRules.QuotaCharge(meta, cost, ""))));
  }

  private static Handler handler(Meta meta, Fields spec) {
    Map<String, Node> quota = new LinkedHashMap<>();
    quota.put("name", RateLimit.text(meta.name(), spec.at()));
    quota.put("maxAmount", limit(spec));
    String algorithm = spec.oneOf("algorithm", ALGORITHMS).orElse("ROLLING_WINDOW");
    quota.put("rateLimitAlgorithm", RateLimit.text(algorithm, spec.at("algorithm")));
    Optional<Duration> window = spec.duration("window");
    if (window.isPresent() && window.get().compareTo(SHORTEST) < 0) {
      spec.error("window", "should be at least 1ms; write 1s for a limit on each second");
    }
    if (!spec.has("window")) {
      spec.error("window", "is required; write 1s for a limit on each second");
    }
    window.ifPresent(each -> quota.put("validDuration", RateLimit.text(spec.text("window"), spec.at("window"))));
    Node overrides = overrides(spec);
    Optional<String> redis = spec.optionalText("redis");
    if (redis.isPresent() && algorithm.equals("ROLLING_WINDOW")) {
      String bucket = window.orElse(Duration.ofSeconds(1)).dividedBy(BUCKETS).toMillis() + "ms";
      quota.put("bucketDuration", RateLimit.text(bucket, spec.at("window")));
    }
    if (overrides instanceof Node.Items items && !items.items().isEmpty()) {
      quota.put("overrides", overrides);
    }
    Map<String, Node> params = new LinkedHashMap<>();
    params.put("quotas", new Node.Items(List.of(RateLimit.mapping(spec.at("limit"), quota)), spec.at("limit")));
    redis.ifPresent(address -> params.put("redisServerUrl", RateLimit.text(address, spec.at("redis"))));
    return new Handler(
        meta, RateLimit.KIND, redis.isPresent() ? "redisquota" : "memquota", RateLimit.mapping(spec.at(), params));
  }

  private static Node limit(Fields fields) {
    Optional<Long> limit = fields.whole("limit", 1, MOST);
    if (!fields.has("limit")) {
      fields.error("limit", "is required; it is how many requests each window has");
    }
    return new Node.Numeric(limit.orElse(1L), fields.at("limit"));
  }

  private static Node overrides(Fields spec) {
    List<Node> overrides = new ArrayList<>();
    for (Fields each : spec.mappings("except")) {
      Node.Mapping of = texts(each, "per");
      if (of.entries().isEmpty()) {
        each.error("per", "is required; it says for which values of per another limit holds");
      }
      for (Map.Entry<String, Node> dimension : of.entries().entrySet()) {
        if (!(spec.node("per").orElse(null) instanceof Node.Mapping per) || !per.entries().containsKey(dimension.getKey())) {
          each.error("per", "\"" + dimension.getKey() + "\" is none of the limit's own per, so it never matches; add it there");
        }
      }
      overrides.add(RateLimit.mapping(each.at(), Map.of("dimensions", of, "maxAmount", limit(each))));
    }
    return new Node.Items(overrides, spec.at("except"));
  }

  private static Node.Mapping texts(Fields fields, String field) {
    fields.mapping(field).ifPresent(each -> each.names().forEach(each::text));
    return fields.node(field).orElse(null) instanceof Node.Mapping mapping ? mapping : Node.Mapping.empty(fields.at());
  }

  /** Services by name, of the own namespace unless it says another. */
  private static String services(Meta meta, Fields spec) {
    List<String> matches = new ArrayList<>();
    for (Values.Item each : Values.items(spec, "services")) {
      String[] parts = each.text().split("\\.", -1);
      if (parts.length > 2 || !java.util.Arrays.stream(parts).allMatch(Names::isLabel)) {
        Values.report(spec, each, "\"" + each.text() + "\" is no service; write name or name.namespace");
      } else if (parts.length == 2 && !parts[1].equals(meta.namespace()) && !meta.namespace().equals("istio-system")) {
        Values.report(spec, each, "policy holds for services of its own namespace; apply the limit in " + parts[1] + ", or in istio-system");
      }
      String host = parts[0] + "." + (parts.length > 1 ? parts[1] : meta.namespace()) + ".svc.";
      matches.add(Cexl.HOST + ".startsWith(" + Cexl.text(host) + ")");
    }
    if (spec.has("services")) {
      Values.requireSome(spec, "services", matches);
    }
    return String.join(" || ", matches);
  }
}
