package dev.tenon.pilot.translate;

import com.google.protobuf.UInt32Value;
import dev.tenon.spi.rules.VirtualService.Retries;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryHostPredicate;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Writes when and how often a request is tried again. */
final class RetryWriter {
  /** What Istio tries again on when a rule only says how often. */
  private static final String DEFAULT_ON = "connect-failure,refused-stream,unavailable,cancelled";

  /** How often another endpoint is looked for before one is taken that was tried already, as in Istio. */
  private static final int OTHER_HOSTS = 5;

  private RetryWriter() {}

  /** Empty when nothing is to be tried again. */
  static Optional<RetryPolicy> policy(Retries retries) {
    if (retries.attempts() <= 0) {
      return Optional.empty();
    }
    RetryPolicy.Builder policy =
        RetryPolicy.newBuilder()
            .setNumRetries(UInt32Value.of(retries.attempts()))
            .setHostSelectionRetryMaxAttempts(OTHER_HOSTS)
            .addRetryHostPredicate(
                RetryHostPredicate.newBuilder()
                    .setName("envoy.retry_host_predicates.previous_hosts")
                    .setTypedConfig(Packing.any(PreviousHostsPredicate.getDefaultInstance())));
    conditions(policy, retries.on().isBlank() ? DEFAULT_ON : retries.on());
    retries.perTry().ifPresent(time -> policy.setPerTryTimeout(Addresses.duration(time)));
    return Optional.of(policy.build());
  }

  /** Istio lets status codes stand among the conditions; Envoy has a list of its own for them. */
  private static void conditions(RetryPolicy.Builder policy, String on) {
    Set<String> conditions = new LinkedHashSet<>();
    for (String each : on.split(",")) {
      String condition = each.strip();
      if (condition.matches("[1-5][0-9]{2}")) {
        conditions.add("retriable-status-codes");
        policy.addRetriableStatusCodes(Integer.parseInt(condition));
      } else if (!condition.isEmpty()) {
        conditions.add(condition);
      }
    }
    policy.setRetryOn(String.join(",", conditions));
  }
}
