package dev.tenon.cli.policy;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.HeaderEdit;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What should become of a request, as far as it is said.
 *
 * @param status 200 when it goes on
 * @param deniedBy the rule, {@code name.namespace}; empty text: it should go on
 * @param message a part of what the caller reads
 * @param headers of the answer; an empty text: not there
 * @param requestHeaders what the application sees changed
 */
record Expected(
    Optional<Long> status,
    Optional<String> deniedBy,
    Optional<String> message,
    Map<String, String> headers,
    Map<String, String> requestHeaders) {
  static final Expected NOTHING = new Expected(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Map.of());

  static Expected read(Fields fields) {
    Optional<Boolean> allowed = fields.oneOf("verdict", Map.of("allow", true, "deny", false));
    Optional<Long> status = fields.whole("status", 100, 599);
    Optional<String> deniedBy = fields.optionalText("deniedBy");
    if (allowed.orElse(false) && deniedBy.isPresent()) {
      fields.error("deniedBy", "contradicts verdict: allow");
    }
    Map<String, String> headers = lower(fields.textMap("headers"));
    fields.mapping("quota").ifPresent(quota -> {
      quota.whole("limit", 0, Long.MAX_VALUE).ifPresent(each -> headers.put("x-ratelimit-limit", each.toString()));
      quota.whole("remaining", 0, Long.MAX_VALUE).ifPresent(each -> headers.put("x-ratelimit-remaining", each.toString()));
    });
    Expected expected =
        new Expected(
            status.isPresent() ? status : allowed.filter(each -> each).map(each -> 200L),
            allowed.isPresent() && allowed.get() ? Optional.of("") : deniedBy.isPresent() ? deniedBy : allowed.map(each -> "*"),
            fields.optionalText("message"),
            headers,
            lower(fields.textMap("requestHeaders")));
    if (expected.equals(NOTHING)) {
      fields.error("verdict", "nothing is expected; say verdict, status, deniedBy, message, headers, requestHeaders or quota");
    }
    return expected;
  }

  private static Map<String, String> lower(Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>();
    headers.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
    return all;
  }

  /** One line for each thing that is not as expected. */
  List<String> differs(Outcome outcome) {
    List<String> differs = new ArrayList<>();
    Verdict.Deny denial = outcome.verdict() instanceof Verdict.Deny deny ? deny : null;
    long was = denial == null ? 200 : denial.code().httpStatus();
    status.filter(each -> each != was).ifPresent(each -> differs.add("status: expected " + each + ", was " + was));
    deniedBy.ifPresent(rule -> {
      boolean right = denial == null ? rule.isEmpty() : rule.equals("*") || rule.equals(outcome.rule());
      if (!right) {
        differs.add(
            "verdict: expected " + (rule.isEmpty() ? "allow" : rule.equals("*") ? "deny" : "deny by " + rule) + ", was "
                + (denial == null ? "allow" : "deny by " + outcome.rule()));
      }
    });
    String body = denial == null ? "" : denial.code().name() + ":" + outcome.handler() + ":" + denial.message();
    message.filter(each -> !body.contains(each)).ifPresent(each -> differs.add("message: expected \"" + each + "\" in \"" + body + "\""));
    compare("headers", headers, outcome.response(), differs);
    compare("requestHeaders", requestHeaders, outcome.request(), differs);
    return differs;
  }

  private static void compare(String field, Map<String, String> expected, List<HeaderEdit> edits, List<String> differs) {
    Map<String, String> there = new LinkedHashMap<>();
    for (HeaderEdit each : edits) {
      switch (each.operation()) {
        case REPLACE -> there.put(each.name(), each.value());
        case REMOVE -> there.put(each.name(), "");
        case APPEND -> there.merge(each.name(), each.value(), (one, other) -> one.isEmpty() ? other : one + "," + other);
      }
    }
    expected.forEach((name, value) -> {
      String was = there.getOrDefault(name, "");
      if (!was.equals(value)) {
        differs.add(field + "." + name + ": expected " + shown(value) + ", was " + shown(was));
      }
    });
  }

  private static String shown(String value) {
    return value.isEmpty() ? "none" : "\"" + value + "\"";
  }
}
