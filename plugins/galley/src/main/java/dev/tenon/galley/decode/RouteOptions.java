package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.rules.VirtualService.Fault;
import dev.tenon.spi.rules.VirtualService.Retries;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads what a route does besides choosing: retries and faults. */
final class RouteOptions {
  /** Istio's default when {@code retryOn} is absent. */
  private static final String RETRY_ON = "connect-failure,refused-stream,unavailable,cancelled";

  private static final Set<String> RETRY_CONDITIONS =
      Set.of(
          "5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "retriable-4xx",
          "refused-stream", "retriable-status-codes", "cancelled", "deadline-exceeded", "internal",
          "resource-exhausted", "unavailable");

  /** What Envoy knows and no proxy of this build would ever see. */
  private static final Set<String> NEVER =
      Set.of("retriable-headers", "envoy-ratelimited", "http3-post-connect-failure");

  private RouteOptions() {}

  static Optional<Retries> retries(Fields route) {
    return route
        .mapping("retries")
        .map(
            fields -> {
              int attempts = fields.whole("attempts", 0, 100).orElse(0L).intValue();
              Optional<Duration> perTry = Values.duration(fields, "perTryTimeout");
              String on = fields.text("retryOn", "");
              checkConditions(fields, on);
              if (attempts == 0 && (perTry.isPresent() || !on.isEmpty())) {
                fields.error("attempts", "is 0, so nothing is tried again; give a number, or remove the rest");
              }
              Values.refuseTrue(fields, "retryRemoteLocalities", "endpoints are not chosen by locality; remove it");
              if (!fields.truth("retryIgnorePreviousHosts", true)) {
                Values.refuse(fields, "retryIgnorePreviousHosts", "another endpoint is always tried first; remove it");
              }
              fields.refuse("backoff", "Envoy's default of 25ms, doubled each time, is used; remove it");
              return new Retries(attempts, perTry, on.isEmpty() ? RETRY_ON : on);
            });
  }

  private static void checkConditions(Fields fields, String on) {
    if (on.isEmpty()) {
      return;
    }
    for (String condition : on.split(",", -1)) {
      if (NEVER.contains(condition)) {
        Values.refuse(fields, "retryOn", condition + " never happens here; remove it from the list");
        return;
      }
      if (!RETRY_CONDITIONS.contains(condition) && !isStatus(condition)) {
        fields.error(
            "retryOn",
            "\"" + condition + "\" is no condition; known: "
                + String.join(", ", RETRY_CONDITIONS.stream().sorted().toList())
                + ", and status codes");
        return;
      }
    }
  }

  private static boolean isStatus(String text) {
    return text.length() == 3
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && text.charAt(0) >= '1'
        && text.charAt(0) <= '5';
  }

  static Optional<Fault> fault(Fields route) {
    return route.mapping("fault").map(RouteOptions::fault0);
  }

  private static Fault fault0(Fields fault) {
    if (!fault.has("delay") && !fault.has("abort")) {
      fault.error("delay", "delay or abort is required");
    }
    Optional<Duration> delay = Optional.empty();
    double delayPercent = 0;
    Optional<Fields> delayFields = fault.mapping("delay");
    if (delayFields.isPresent()) {
      Fields fields = delayFields.get();
      fields.refuse("exponentialDelay", "Istio never carried it out; use fixedDelay");
      if (!fields.has("fixedDelay") && !fields.has("exponentialDelay")) {
        fields.error("fixedDelay", "is required");
      }
      delay = Values.duration(fields, "fixedDelay");
      delayPercent = percent(fields, "delayed");
    }
    Optional<Integer> status = Optional.empty();
    double abortPercent = 0;
    Optional<Fields> abort = fault.mapping("abort");
    if (abort.isPresent()) {
      Fields fields = abort.get();
      fields.atMostOne("httpStatus", "grpcStatus", "http2Error");
      Values.refuseAll(fields, "this build routes HTTP/1.1, where it has no meaning; use httpStatus", "grpcStatus", "http2Error");
      if (!fields.has("httpStatus") && !fields.has("grpcStatus") && !fields.has("http2Error")) {
        fields.error("httpStatus", "is required");
      }
      status = fields.whole("httpStatus", 200, 599).map(Long::intValue);
      abortPercent = percent(fields, "aborted");
    }
    return new Fault(delay, delayPercent, status, abortPercent);
  }

  /** Istio's {@code percentage}, and the whole-numbered {@code percent} that went before it. */
  private static double percent(Fields fields, String what) {
    Optional<Double> old =
        what.equals("delayed") ? fields.whole("percent", 0, 100).map(Long::doubleValue) : Optional.empty();
    Optional<Fields> percentage = fields.mapping("percentage");
    if (percentage.isPresent()) {
      Optional<Double> value = percentage.get().number("value", 0, 100);
      if (value.isPresent() && value.get() > 0 && value.get() < 0.0001) {
        percentage.get().error("value", value.get() + " is neither 0 nor between 0.0001 and 100");
      }
      return value.orElse(0.0);
    }
    if (old.isEmpty()) {
      fields.warn("percentage", "is not given, so no request is " + what + "; write percentage: {value: 100}", Values.DOUBTFUL);
    }
    return old.orElse(0.0);
  }
}
