package dev.tenon.mixer.accept;

import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Finding.Severity;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Template.Variety;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Accepts the policy of a configuration namespace, whole or not at all. */
public final class Acceptor {
  private final Vocabulary vocabulary;
  private final Expressions expressions;
  private final References<Accepted.Handler> handlers = new References<>(PolicyRules.HANDLER);
  private final References<Accepted.Instance> instances = new References<>(PolicyRules.INSTANCE);

  private Acceptor(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.expressions = new Expressions(vocabulary);
  }

  /**
   * Accepts policy. A name that nothing has is no error, since objects come in any order: its call
   * fails until then, and the rule decides what that means.
   *
   * @throws BadConfig with every expression that does not compile
   */
  public static Accepted accept(PolicyRules rules, Vocabulary vocabulary) {
    return new Acceptor(vocabulary).accept(rules);
  }

  private Accepted accept(PolicyRules policy) {
    for (PolicyRules.Handler each : policy.handlers()) {
      handlers.add(
          each.meta().name(),
          each.meta().namespace(),
          each.kind(),
          each.adapter(),
          handler(each));
    }
    for (PolicyRules.InstanceRule each : policy.instances()) {
      instance(each)
          .ifPresent(
              accepted ->
                  instances.add(
                      each.meta().name(), each.meta().namespace(), each.kind(), each.template(), accepted));
    }
    List<Accepted.Rule> rules = new ArrayList<>();
    for (PolicyRules.Rule each : policy.rules()) {
      rules.add(rule(each));
    }
    List<String> producers = producers(rules, policy);
    List<Finding> findings = expressions.findings();
    if (findings.stream().anyMatch(each -> each.severity() == Severity.ERROR)) {
      throw new BadConfig(findings);
    }
    return new Accepted(rules, producers, findings);
  }

  /** Instances that make attributes, in the order in which they can; those that cannot are an error. */
  private List<String> producers(List<Accepted.Rule> rules, PolicyRules policy) {
    Map<String, Producers.Producer> all = new LinkedHashMap<>();
    for (Accepted.Rule rule : rules) {
      for (Accepted.Call call : rule.calls()) {
        call.instance()
            .filter(each -> each.template().variety() == Variety.ATTRIBUTE_GENERATOR)
            .ifPresent(
                each -> {
                  Set<String> reads = new HashSet<>(FieldReads.of(each.fields()));
                  rule.match().ifPresent(match -> reads.addAll(match.attributes()));
                  all.merge(each.name(), new Producers.Producer(each.name(), reads, each.bindings().keySet()), Acceptor::both);
                });
      }
    }
    Producers.Ordered ordered = Producers.order(all.values());
    if (!ordered.cyclic().isEmpty()) {
      policy.instances().stream()
          .filter(each -> ordered.cyclic().contains(each.meta().name() + "." + each.kind() + "." + each.meta().namespace()))
          .forEach(each ->
              expressions.add(
                  Severity.ERROR, Codes.CYCLE, each.meta().at(), "instance " + name(each.meta()), Producers.cycle(ordered.cyclic())));
    }
    return ordered.order();
  }

  private static Producers.Producer both(Producers.Producer one, Producers.Producer other) {
    Set<String> reads = new HashSet<>(one.reads());
    reads.addAll(other.reads());
    return new Producers.Producer(one.name(), reads, one.binds());
  }

  private Optional<Accepted.Instance> instance(PolicyRules.InstanceRule rule) {
    Meta meta = rule.meta();
    Optional<Template> template = Template.named(rule.template());
    if (template.isEmpty()) {
      expressions.add(
          Severity.ERROR,
          "TEN0002",
          meta.at(),
          "instance " + name(meta),
          "\"" + rule.template() + "\" is no template; known: " + Template.known());
      return Optional.empty();
    }
    return Optional.of(
        new Accepted.Instance(
            meta.name() + "." + rule.kind() + "." + meta.namespace(),
            template.get(),
            TemplateFields.compile(
                template.get(), rule.params(), "instance " + name(meta) + " params", expressions),
            Bindings.compile(
                template.get(), rule.bindings(), "instance " + name(meta) + " attributeBindings", vocabulary, expressions),
            rule.charges().map(this::charges)));
  }

  private List<Accepted.Charged> charges(List<PolicyRules.QuotaCharge> charges) {
    List<Accepted.Charged> accepted = new ArrayList<>();
    for (PolicyRules.QuotaCharge each : charges) {
      Optional<Compiled> match = Optional.empty();
      if (!each.match().isBlank()) {
        match = match(each.match(), each.spec().at(), "QuotaSpec " + name(each.spec()), expressions);
      }
      accepted.add(new Accepted.Charged(each.amount(), match));
    }
    return accepted;
  }

  /** A handler under its full name. */
  public static Accepted.Handler handler(PolicyRules.Handler each) {
    return new Accepted.Handler(handlerName(each), each.adapter(), each.params());
  }

  /** What a caller who is denied reads: Mixer's own names. */
  private static String handlerName(PolicyRules.Handler handler) {
    return handler.kind().equals(PolicyRules.HANDLER)
        ? name(handler.meta())
        : handler.meta().name() + "." + handler.kind() + "." + handler.meta().namespace();
  }

  private Accepted.Rule rule(PolicyRules.Rule rule) {
    String name = name(rule.meta());
    List<Accepted.Call> calls = new ArrayList<>();
    for (PolicyRules.Action action : rule.actions()) {
      String namespace = rule.meta().namespace();
      String handlerName = handlers.resolve(action.handler(), namespace);
      Optional<Accepted.Handler> handler = handlers.find(handlerName);
      if (handler.isEmpty()) {
        missing(rule, "handler", action.handler());
      }
      for (String reference : action.instances()) {
        String instanceName = instances.resolve(reference, namespace);
        Optional<Accepted.Instance> instance = instances.find(instanceName);
        if (instance.isEmpty()) {
          missing(rule, "instance", reference);
        }
        calls.add(new Accepted.Call(handlerName, handler, instanceName, instance));
      }
    }
    Optional<Compiled> match = Optional.empty();
    if (!rule.match().isBlank()) {
      Expressions seen = calls.stream().anyMatch(Acceptor::judges) ? expressions : expressions.whenOver();
      match = match(rule.match(), rule.matchAt(), "rule " + name + " match", seen);
    }
    return new Accepted.Rule(
        name,
        match,
        rule.failOpen(),
        rule.allowsExceeded(),
        calls,
        new Accepted.Headers(headers(rule, rule.requestHeaders()), headers(rule, rule.responseHeaders())));
  }

  private List<Accepted.Header> headers(PolicyRules.Rule rule, List<PolicyRules.HeaderRule> headers) {
    List<Accepted.Header> accepted = new ArrayList<>();
    for (PolicyRules.HeaderRule each : headers) {
      List<Compiled> values = new ArrayList<>();
      for (String value : each.values()) {
        header(value, rule.meta().at(), "rule " + name(rule.meta()) + " header " + each.name(), expressions)
            .ifPresent(values::add);
      }
      accepted.add(new Accepted.Header(each.operation(), each.name(), values));
    }
    return accepted;
  }

  /** What a header is given. */
  static Optional<Compiled> header(String text, Position at, String field, Expressions expressions) {
    return expressions.compile(
        text, at, field, Set.of(ValueType.STRING), "a header is text; text within an expression has quotes of its own: '\"text\"'");
  }

  /** Whether a call is made before the request goes on; one of whose instance nothing is known may be. */
  private static boolean judges(Accepted.Call call) {
    return call.instance().map(each -> each.template().variety() != Variety.REPORT).orElse(true);
  }

  /** A rule's condition. */
  static Optional<Compiled> match(
      String text, Position at, String field, Expressions expressions) {
    return expressions.compile(
        text, at, field, Set.of(ValueType.BOOL), "a match is true or false: compare it with something");
  }

  private void missing(PolicyRules.Rule rule, String kind, String reference) {
    expressions.add(
        Severity.WARNING,
        Codes.REFERENCE,
        rule.meta().at(),
        "rule " + name(rule.meta()) + " actions",
        "there is no " + kind + " " + reference + "; while there is none, requests that match are "
            + (rule.failOpen() ? "let through" : "denied, unless it only reports"));
  }

  private static String name(Meta meta) {
    return meta.name() + "." + meta.namespace();
  }
}
