package dev.tenon.mixer.answer;

import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.HeaderEdit;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Judges requests by the policy of each namespace that is named, one after the other, as a sidecar does. Thread-safe. */
final class Judging {
  private static final int MOST_AT_ONCE = 20_000;

  private final Function<String, @Nullable Policy> policies;
  private final AtomicInteger underWay = new AtomicInteger();

  Judging(Function<String, @Nullable Policy> policies) {
    this.policies = policies;
  }

  /**
   * What becomes of a request.
   *
   * @param denial null when it may go on
   * @param handler that denied; empty when none did
   * @param request changes of its head before it goes on
   * @param response changes of whatever is answered
   */
  record Sentence(Verdict.@Nullable Deny denial, String handler, List<HeaderEdit> request, List<HeaderEdit> response) {
    /** As a caller reads it. */
    String body() {
      return denial == null ? "" : denial.code().name() + ":" + handler + ":" + denial.message();
    }
  }

  /** Why nothing can be said of a request: the asking Envoy decides, as pilot told it to. */
  static final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoAnswer(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Judges.
   *
   * @param told the sentence, once, on any thread
   * @throws NoAnswer when the request names no policy, or too many wait
   */
  void judge(Seen request, Consumer<Sentence> told) {
    if (request.called().namespaces().isEmpty()) {
      throw new NoAnswer("the call names no policy: its metadata has no tenon-called, its route no context extension \"policy\"");
    }
    if (underWay.incrementAndGet() > MOST_AT_ONCE) {
      underWay.decrementAndGet();
      throw new NoAnswer("more than " + MOST_AT_ONCE + " requests are being judged");
    }
    One one = new One(request, sentence -> {
      underWay.decrementAndGet();
      told.accept(sentence);
    });
    try {
      one.from(0);
    } catch (RuntimeException | Error e) {
      underWay.decrementAndGet();
      throw e;
    }
  }

  /** Goes through the namespaces with one request; steps follow each other. */
  private final class One {
    private final Consumer<Sentence> told;
    private final List<String> namespaces;
    private final List<HeaderEdit> heads = new ArrayList<>(0);
    private final List<HeaderEdit> answer = new ArrayList<>(0);
    private Seen request;

    One(Seen request, Consumer<Sentence> told) {
      this.request = request;
      this.told = told;
      this.namespaces = request.called().namespaces();
    }

    void from(int first) {
      for (int i = first; i < namespaces.size(); i++) {
        Policy policy = policies.apply(namespaces.get(i));
        if (policy == null) {
          throw new NoAnswer("there is no policy of " + namespaces.get(i));
        }
        int next = i + 1;
        Outcome outcome = policy.check(seen(), later -> {
          if (goesOn(policy, later)) {
            resume(next);
          }
        });
        if (outcome == null || !goesOn(policy, outcome)) {
          return;
        }
      }
      told.accept(new Sentence(null, "", heads, answer));
    }

    /** On an adapter's thread nobody would see what is thrown. */
    private void resume(int next) {
      try {
        from(next);
      } catch (NoAnswer e) {
        told.accept(new Sentence(new Verdict.Deny(Verdict.Code.UNAVAILABLE, String.valueOf(e.getMessage()), Verdict.Validity.ONCE), "", List.of(), answer));
      }
    }

    private Attributes seen() {
      return generated(request, namespaces, policies);
    }

    private boolean goesOn(Policy policy, Outcome outcome) {
      answer.addAll(outcome.response());
      if (outcome.verdict() instanceof Verdict.Deny deny) {
        policy.denied(request.headers().getOrDefault("x-request-id", ""), outcome);
        told.accept(new Sentence(deny, outcome.handler(), List.of(), answer));
        return false;
      }
      heads.addAll(outcome.request());
      request = request.after(outcome.request());
      return true;
    }
  }

  /** A request with what attribute-producing adapters of all namespaces say of it. */
  static Attributes generated(Attributes request, List<String> namespaces, Function<String, @Nullable Policy> policies) {
    Attributes all = request;
    for (String namespace : namespaces) {
      Policy policy = policies.apply(namespace);
      if (policy != null) {
        all = policy.generate(all);
      }
    }
    return all;
  }
}
