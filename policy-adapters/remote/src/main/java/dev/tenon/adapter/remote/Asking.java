package dev.tenon.adapter.remote;

import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.policy.Verdict.Code;
import dev.tenon.spi.policy.Verdict.Validity;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.wire.adapter.v1.CheckRequest;
import dev.tenon.wire.adapter.v1.CheckResponse;
import dev.tenon.wire.adapter.v1.PolicyAdapterGrpc.PolicyAdapterBlockingStub;
import dev.tenon.wire.adapter.v1.ReportRequest;
import dev.tenon.wire.adapter.v1.TakeRequest;
import dev.tenon.wire.adapter.v1.TakeResponse;
import dev.tenon.wire.value.Words;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** One handler. Blocks; an answer that makes no sense is a failure like none. */
final class Asking implements QuotaAdapter, ReportAdapter {
  private static final int MOST_IN_A_REPORT = 500;
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Session session;
  private final Calls calls = new Calls();

  Asking(Session session) {
    this.session = session;
  }

  @Override
  public Verdict check(Instance instance) {
    dev.tenon.wire.adapter.v1.Instance asked = message(instance);
    CheckResponse response =
        ask("check", (adapter, id) -> adapter.check(CheckRequest.newBuilder().setSession(id).setInstance(asked).build()));
    Validity validity =
        response.getValidNanos() <= 0 || response.getUses() <= 0
            ? Validity.ONCE
            : new Validity(duration(response.getValidNanos()), response.getUses());
    if (response.getCode() == 0) {
      return new Verdict.Allow(validity);
    }
    Code code =
        Arrays.stream(Code.values())
            .filter(each -> each.number() == response.getCode())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("the adapter denies with " + response.getCode() + ", which is no code of a denial"));
    return new Verdict.Deny(code, response.getMessage().isBlank() ? "denied" : Session.oneLine(response.getMessage()), validity);
  }

  @Override
  public Grant take(Instance instance, Charge charge) {
    TakeRequest.Builder asked =
        TakeRequest.newBuilder()
            .setInstance(message(instance))
            .setAmount(charge.amount())
            .setBestEffort(charge.bestEffort())
            .setDeduplicationId(charge.deduplicationId());
    TakeResponse response = ask("take", (adapter, id) -> adapter.take(asked.setSession(id).build()));
    long granted = response.getGranted();
    if (granted < 0 || granted > charge.amount() || (!charge.bestEffort() && granted != 0 && granted != charge.amount())) {
      throw new IllegalStateException("the adapter grants " + granted + " where it was asked for " + charge.amount());
    }
    Grant.Standing standing =
        response.getLimit() <= 0
            ? Grant.Standing.UNKNOWN
            : new Grant.Standing(response.getLimit(), Math.max(0, response.getRemaining()), duration(response.getResetNanos()));
    return new Grant(granted, duration(response.getValidNanos()), standing);
  }

  @Override
  public void report(List<Instance> instances) {
    for (int from = 0; from < instances.size(); from += MOST_IN_A_REPORT) {
      ReportRequest.Builder told = ReportRequest.newBuilder();
      instances.subList(from, Math.min(instances.size(), from + MOST_IN_A_REPORT)).forEach(each -> told.addInstances(message(each)));
      ask("report", (adapter, id) -> adapter.report(told.setSession(id).build()));
    }
  }

  private <A> A ask(String what, BiFunction<PolicyAdapterBlockingStub, String, A> call) {
    try {
      A answer = session.ask(call);
      calls.answered(what);
      return answer;
    } catch (RuntimeException e) {
      calls.failed(what);
      throw e;
    }
  }

  static dev.tenon.wire.adapter.v1.Instance message(Instance instance) {
    return dev.tenon.wire.adapter.v1.Instance.newBuilder()
        .setName(instance.name())
        .setTemplate(instance.template().wireName())
        .putAllValues(Words.of(instance.values()))
        .build();
  }

  private static Duration duration(long nanos) {
    return nanos <= 0 ? Duration.ZERO : nanos > LONGEST.toNanos() ? LONGEST : Duration.ofNanos(nanos);
  }

  @Override
  public List<Family> figures() {
    return calls.figures(session.opened());
  }

  @Override
  public void close() {
    session.close();
  }
}
