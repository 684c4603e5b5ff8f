package dev.tenon.mixer.decide;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Grant.Standing;
import dev.tenon.spi.policy.HeaderEdit;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.rules.PolicyRules.HeaderRule.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the heads of one request: rules change them, limits say how they stand. Answers may
 * come on any thread.
 */
final class Heads {
  private List<HeaderEdit> request = List.of();
  private List<HeaderEdit> response = List.of();
  private @Nullable Standing nearest;

  /** Takes what a matching rule changes; its values are read now. */
  void changes(Accepted.Headers headers, Attributes attributes) {
    request = new ArrayList<>(request);
    response = new ArrayList<>(response);
    headers.request().forEach(each -> evaluate(each, attributes, request));
    headers.response().forEach(each -> evaluate(each, attributes, response));
  }

  private static void evaluate(Accepted.Header header, Attributes attributes, List<HeaderEdit> edits) {
    if (header.operation() == Operation.REMOVE) {
      edits.add(new HeaderEdit(header.operation(), header.name(), ""));
      return;
    }
    boolean first = true;
    for (Compiled each : header.values()) {
      if (each.evaluate(attributes) instanceof String value && !value.isEmpty()) {
        Operation operation = first ? header.operation() : Operation.APPEND;
        edits.add(new HeaderEdit(operation, header.name(), value));
        first = false;
      }
    }
  }

  /**
   * Notes how a limit stands, if an answer says so. The one with the least left is told.
   *
   * @param excuse the rule by which the request goes on though nothing is left for it, or empty
   */
  synchronized void note(Answer answer, String excuse) {
    if (!excuse.isEmpty()) {
      request = new ArrayList<>(request);
      request.add(HeaderEdit.replace("x-ratelimit-exceeded", excuse));
    }
    if (answer instanceof Answer.Said said
        && said.standing().limit() > 0
        && (nearest == null || said.standing().remaining() < nearest.remaining())) {
      nearest = said.standing();
    }
  }

  /** The outcome with what it changes. */
  synchronized Outcome of(Outcome outcome) {
    boolean denied = outcome.verdict() instanceof Verdict.Deny;
    if (nearest == null && (denied || (request.isEmpty() && response.isEmpty()))) {
      return outcome; // a denial names its rule already
    }
    List<HeaderEdit> answer = new ArrayList<>(denied ? List.of() : response);
    if (nearest != null) {
      standing(nearest, denied, answer);
    }
    if (denied) {
      answer.addAll(outcome.response());
    }
    return new Outcome(
        outcome.verdict(), outcome.rule(), outcome.handler(), denied ? List.of() : request, answer);
  }

  private static void standing(Standing standing, boolean denied, List<HeaderEdit> answer) {
    String reset = Long.toString(seconds(standing.reset()));
    answer.add(HeaderEdit.replace("x-ratelimit-limit", Long.toString(standing.limit())));
    answer.add(HeaderEdit.replace("x-ratelimit-remaining", Long.toString(denied ? 0 : standing.remaining())));
    answer.add(HeaderEdit.replace("x-ratelimit-reset", reset));
    if (denied) {
      answer.add(HeaderEdit.replace("retry-after", Long.toString(Math.max(1, seconds(standing.reset())))));
    }
  }

  /** Whole seconds, rounded up: who comes then is not too early. */
  private static long seconds(Duration duration) {
    return duration.plusNanos(999_999_999).toSeconds();
  }
}
