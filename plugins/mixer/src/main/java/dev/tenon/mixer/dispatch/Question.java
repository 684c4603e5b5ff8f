package dev.tenon.mixer.dispatch;

import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AttributeGenerator;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a handler's adapter is asked: a check as it is, a quota for what a request is charged, its grant made a verdict. Thread-safe.
 */
final class Question implements Guard.Call<Adapter, Asked, Answer> {
  /** What an attribute-producing adapter says; its outputs by name. */
  static final Guard.Call<Adapter, Instance, Map<String, Object>> GENERATE =
      (adapter, instance) -> ((AttributeGenerator) adapter).generate(instance);

  /** What becomes of a batch: the batch itself when it was taken. */
  static final Guard.Call<Adapter, List<Instance>, Object> REPORT =
      (adapter, batch) -> {
        ((ReportAdapter) adapter).report(batch);
        return batch;
      };

  /** The answer made last: many adapters give one and the same verdict. Immutable, so any thread's will do. */
  private Answer.Said last = Answer.ALLOWED;

  /** What the adapter says; null, or anything thrown, is its failure. */
  @Override
  public @Nullable Answer ask(Adapter adapter, Asked asked) {
    if (asked.instance().template() == Template.QUOTA) {
      return granted((QuotaAdapter) adapter, asked);
    }
    return said(adapter.check(asked.instance()));
  }

  @SuppressWarnings("ReferenceEquality") // another that is equal makes an answer of its own
  private @Nullable Answer said(@Nullable Verdict verdict) {
    Answer.Said before = last;
    if (before.verdict() == verdict) {
      return before;
    }
    Answer.Said made = made(verdict);
    if (made != null) {
      last = made;
    }
    return made;
  }

  /** What an adapter's verdict on a check comes to; null when it is none. */
  static Answer.@Nullable Said made(@Nullable Verdict verdict) {
    return switch (verdict) {
      case Verdict.Allow allow -> allow.equals(Verdict.ALLOW) ? Answer.ALLOWED : new Answer.Said(allow);
      case Verdict.Deny deny when deny.code() != null -> new Answer.Said(deny);
      case null, default -> null;
    };
  }

  private static @Nullable Answer granted(QuotaAdapter adapter, Asked asked) {
    Charge charge = asked.amount() == 1 ? Charge.ONE : new Charge(asked.amount(), false, "");
    Grant grant = adapter.take(asked.instance(), charge);
    if (grant == null || grant.granted() > charge.amount()) {
      return null;
    }
    Verdict verdict = grant.granted() == charge.amount() ? Verdict.ALLOW : exhausted(asked.instance());
    return new Answer.Said(verdict, grant.standing());
  }

  /** What a quota says that has too little left. */
  static Verdict exhausted(Instance instance) {
    return new Verdict.Deny(
        Verdict.Code.RESOURCE_EXHAUSTED, "Quota is exhausted for: " + shortName(instance), Verdict.Validity.ONCE);
  }

  private static String shortName(Instance instance) {
    int dot = instance.name().indexOf('.');
    return dot < 0 ? instance.name() : instance.name().substring(0, dot);
  }
}
