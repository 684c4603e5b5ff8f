package dev.tenon.mixer.decide;

import dev.tenon.mixer.evaluate.GivenAttributes;
import dev.tenon.spi.policy.PolicyEngine.Later;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Verdict;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A request asked about, and everything that was answered. */
final class Asked implements Later {
  private final AtomicInteger told = new AtomicInteger();
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final boolean atOnce;

  private Asked(Policy policy, Map<String, Object> attributes) {
    Outcome now = policy.check(new GivenAttributes(attributes), this);
    atOnce = now != null;
    if (now != null) {
      decided(now);
    }
  }

  static Asked of(Policy policy, Map<String, Object> attributes) {
    return new Asked(policy, attributes);
  }

  @Override
  public void decided(Outcome verdict) {
    told.incrementAndGet();
    outcome.complete(verdict);
  }

  Outcome outcome() {
    return outcome.orTimeout(40, TimeUnit.SECONDS).join();
  }

  boolean atOnce() {
    return atOnce;
  }

  boolean answered() {
    return outcome.isDone();
  }

  int timesTold() {
    return told.get();
  }

  boolean allowed() {
    return outcome().verdict() instanceof Verdict.Allow;
  }

  /** {@code CODE:handler:message} as the caller reads it; {@code allowed} when it was let through. */
  String body() {
    return outcome().verdict() instanceof Verdict.Deny deny
        ? deny.code() + ":" + outcome().handler() + ":" + deny.message()
        : "allowed";
  }
}
