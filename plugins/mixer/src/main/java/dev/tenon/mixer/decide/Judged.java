package dev.tenon.mixer.decide;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.accept.FieldReads;
import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.mixer.dispatch.Asked;
import dev.tenon.mixer.dispatch.Handler;
import dev.tenon.mixer.evaluate.Failure;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.HeaderEdit;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One call that a rule makes when it matches, and what its answers mean there. Thread-safe. */
final class Judged {
  private final String rule;
  private final boolean failOpen;
  private final boolean allowsExceeded;
  private final String handlerName;
  private final String instanceName;
  private final @Nullable Handler handler;
  private final Accepted.@Nullable Instance instance;
  private final Answer.Failed incomplete;
  private final boolean here;
  private volatile Denial denied = new Denial(null, Outcome.ALLOWED);

  /** An adapter's verdict and what it came to. */
  private record Denial(Verdict.@Nullable Deny verdict, Outcome outcome) {}

  /**
   * @param handler empty when there is none of that name
   * @param here whether it is asked in this process, though others are asked far away
   */
  Judged(Accepted.Rule rule, Accepted.Call call, Optional<Handler> handler, boolean here) {
    this.here = here;
    this.rule = rule.name();
    this.failOpen = rule.failOpen();
    this.allowsExceeded = rule.allowsExceeded();
    this.handlerName = call.handlerName();
    this.instanceName = call.instanceName();
    this.handler = handler.orElse(null);
    this.instance = call.instance().orElse(null);
    this.incomplete =
        Answer.unavailable(
            handler.isEmpty()
                ? "there is no such handler"
                : "there is no instance " + call.instanceName());
  }

  /** Begins the call: a {@link dev.tenon.mixer.dispatch.Lease}, or an {@link Answer.Failed}. */
  Object enter() {
    return handler == null || instance == null ? incomplete : handler.enter(template());
  }

  Template template() {
    return instance == null ? Template.CHECKNOTHING : instance.template();
  }

  /** Whether it takes something, and so waits until every check has let the request go on. */
  boolean charges() {
    return template() == Template.QUOTA;
  }

  /** How much a request is charged of a quota: one, or what QuotaSpecs say, which may be nothing. */
  long amount(Attributes request) {
    if (instance == null || instance.charges().isEmpty()) {
      return 1;
    }
    long amount = 0;
    for (Accepted.Charged each : instance.charges().get()) {
      if (each.match().isEmpty() || each.match().get().matches(request)) {
        amount = each.amount() > Long.MAX_VALUE - amount ? Long.MAX_VALUE : amount + each.amount();
      }
    }
    return amount;
  }

  /** Whether there is a handler of that name. */
  boolean hasHandler() {
    return handler != null;
  }

  /** The handler; there is one when {@link #enter} gave a lease. */
  Handler handler() {
    return Objects.requireNonNull(handler);
  }

  /**
   * The fields' values for a request, or an {@link Answer.Failed}: a field whose attribute is absent
   * leaves nothing to judge by.
   */
  Object values(Attributes request) {
    if (instance == null) {
      return Map.of();
    }
    Object values = Values.of(instance.fields(), request);
    return values instanceof Failure(String reason)
        ? new Answer.Failed(Verdict.Code.INTERNAL, instance.name() + reason)
        : values;
  }

  /** The attributes that the fields are made of. */
  Set<String> reads() {
    return instance == null ? Set.of() : FieldReads.of(instance.fields());
  }

  /** The outputs of a call that makes attributes, by name, or an {@link Answer.Failed}. */
  @SuppressWarnings("unchecked") // values gives these or a failure
  Object generate(Attributes request) {
    if (handler == null) {
      return incomplete;
    }
    Object values = values(request);
    return values instanceof Answer.Failed ? values : handler.generate(question((Map<String, Object>) values, request, 1).instance());
  }

  /** What the adapter is asked. */
  Asked question(Map<String, Object> values, Attributes attributes, long amount) {
    return new Asked(
        new Instance(instance == null ? "" : instance.name(), template(), values, attributes), amount, here);
  }

  /** What the handler would answer; nothing is counted and no quota is taken. May wait. */
  Answer explain(Asked asked) {
    return handler == null || instance == null ? incomplete : handler.inspection().explain(asked);
  }

  String handlerName() {
    return handlerName;
  }

  String instanceName() {
    return instanceName;
  }

  /** Of the handler's adapter; empty when there is no such handler. */
  String adapterName() {
    return handler == null ? "" : handler.adapterName();
  }

  /** Where the handler is asked. */
  String runs() {
    return handler == null ? "nowhere" : handler.inspection().condition().runs().text();
  }

  /** The rule that lets a request go on though nothing is left for it; empty when that is not so. */
  String excuse(Answer answer) {
    return allowsExceeded && charges() && answer instanceof Answer.Said(Verdict.Deny deny, var standing) ? rule : "";
  }

  /** What an answer means for the request: an outcome that denies, or null to go on. */
  @Nullable Outcome denial(Answer answer) {
    return switch (answer) {
      case Answer.Said said when !excuse(said).isEmpty() -> null;
      case Answer.Said(Verdict.Deny deny, var ignored) -> denial(deny);
      case Answer.Said said -> null;
      case Answer.Granted ignored -> null;
      case Answer.Failed failed ->
          failOpen
              ? null
              : outcome(
                  new Verdict.Deny(
                      failed.code(),
                      Messages.of(failed.reason() + " (rule " + rule + ")"),
                      Verdict.Validity.ONCE));
    };
  }

  /** Many adapters deny with one and the same verdict: what that means is worked out once. */
  @SuppressWarnings("ReferenceEquality")
  private Outcome denial(Verdict.Deny deny) {
    Denial last = denied;
    if (last.verdict == deny) {
      return last.outcome;
    }
    Outcome outcome = outcome(new Verdict.Deny(deny.code(), Messages.of(deny.message()), validity(deny)));
    denied = new Denial(deny, outcome);
    return outcome;
  }

  private Outcome outcome(Verdict.Deny deny) {
    return new Outcome(deny, rule, handlerName, List.of(), List.of(HeaderEdit.replace("x-tenon-denied-by", rule)));
  }

  private static Verdict.Validity validity(Verdict.Deny deny) {
    Verdict.@Nullable Validity validity = deny.validity();
    return validity == null ? Verdict.Validity.ONCE : validity;
  }
}
