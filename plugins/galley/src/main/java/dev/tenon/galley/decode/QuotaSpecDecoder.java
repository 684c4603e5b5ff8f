package dev.tenon.galley.decode;

import dev.tenon.galley.decode.QuotaSpec.Binding;
import dev.tenon.galley.decode.QuotaSpec.Bound;
import dev.tenon.galley.decode.QuotaSpec.Charge;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.TextMatch;
import java.util.ArrayList;
import java.util.List;

/** Reads Mixer's {@code QuotaSpec} and {@code QuotaSpecBinding}. */
final class QuotaSpecDecoder {
  /** As long as an expression may be, with room for the services that it is bound to. */
  private static final int LONGEST_MATCH = 4096;

  private QuotaSpecDecoder() {}

  static QuotaSpec spec(Meta meta, Fields spec) {
    List<Charge> charges = new ArrayList<>();
    List<Fields> rules = spec.mappings("rules");
    Values.requireSome(spec, "rules", rules);
    for (Fields rule : rules) {
      String match = alternatives(rule);
      List<Fields> quotas = rule.mappings("quotas");
      Values.requireSome(rule, "quotas", quotas);
      for (Fields quota : quotas) {
        String name = quota.text("quota");
        long amount = quota.whole("charge", 1, Long.MAX_VALUE).orElse(1L);
        if (name.indexOf('.') >= 0) {
          quota.error("quota", "\"" + name + "\" is no short name; write the instance's name alone");
        }
        charges.add(new Charge(name, amount, match));
      }
    }
    return new QuotaSpec(meta, charges);
  }

  /** One of some matches; none says that every request is meant. */
  private static String alternatives(Fields rule) {
    List<String> matches = new ArrayList<>();
    boolean all = !rule.has("match");
    for (Fields match : rule.mappings("match")) {
      String clauses = clauses(match);
      all |= clauses.isEmpty();
      matches.add("(" + clauses + ")");
    }
    String expression = all ? "" : String.join(" || ", matches);
    if (expression.length() > LONGEST_MATCH) {
      rule.error("match", "is more than one expression holds; write several rules");
      return "";
    }
    return expression;
  }

  private static String clauses(Fields match) {
    List<String> clauses = new ArrayList<>();
    match
        .mapping("clause")
        .ifPresent(
            each ->
                each.names().forEach(
                    attribute -> TextMatches.one(each, attribute).ifPresent(how -> clauses.add(clause(attribute, how)))));
    return String.join(" && ", clauses);
  }

  private static String clause(String attribute, TextMatch how) {
    String value = "(" + attribute + " | \"\")";
    return switch (how) {
      case TextMatch.Exact exact -> Cexl.regex("^" + Cexl.quoted(exact.value()) + "$", value);
      case TextMatch.Prefix prefix -> Cexl.regex("^" + Cexl.quoted(prefix.value()), value);
      case TextMatch.Regex regex -> Cexl.regex("^(?:" + regex.value() + ")$", value);
      case TextMatch.Present ignored -> "true";
    };
  }

  static Binding binding(Meta meta, Fields spec) {
    List<Bound> services = new ArrayList<>();
    for (Fields each : spec.mappings("services")) {
      services.add(bound(meta, each));
    }
    Values.requireSome(spec, "services", services);
    List<String> specs = new ArrayList<>();
    for (Fields each : spec.mappings("quotaSpecs")) {
      specs.add(each.text("namespace", meta.namespace()) + "/" + each.text("name"));
    }
    Values.requireSome(spec, "quotaSpecs", specs);
    return new Binding(meta, services, specs);
  }

  private static Bound bound(Meta meta, Fields service) {
    if (service.has("service")) {
      service.atMostOne("service", "name");
      service.node("namespace");
      service.node("domain");
      String host = service.text("service");
      if (!host.equals("*") && host.indexOf('.') < 0) {
        service.error("service", "\"" + host + "\" is no full name; write * for all, *.namespace.* for a namespace, or name and namespace");
      }
      return new Bound(host, true);
    }
    String name = service.text("name") + "." + service.text("namespace", meta.namespace());
    String domain = service.text("domain", "");
    Values.refuseAll(service, "services have no versions; match destination.labels in the rule, and remove it", "labels");
    return domain.isEmpty() ? new Bound(name, false) : new Bound(name + "." + domain, true);
  }
}
