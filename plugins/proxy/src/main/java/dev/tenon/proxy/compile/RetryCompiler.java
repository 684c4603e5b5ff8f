package dev.tenon.proxy.compile;

import dev.tenon.wire.xds.v1.RetryPolicy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Compiles when a request is tried again. */
final class RetryCompiler {
  private static final String PREVIOUS_HOSTS =
      "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate";

  /** Conditions on a gRPC status: they never hold for the HTTP/1.1 that this proxy speaks. */
  private static final Set<String> OF_GRPC =
      Set.of("cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable");

  private static final int MOST_RETRIES = 100;

  private RetryCompiler() {}

  /** Empty when nothing is ever tried again. */
  static Optional<RetrySpec> compile(RetryPolicy policy) {
    Set<RetrySpec.On> on = Unusable.in("retry_on", () -> conditions(policy.getRetryOn()));
    int retries = policy.hasNumRetries() ? Values.count(policy.getNumRetries()) : 1;
    if (retries > MOST_RETRIES) {
      throw new Unusable("num_retries", retries + " is more than " + MOST_RETRIES);
    }
    boolean otherHosts = avoidsPreviousHosts(policy);
    if (on.isEmpty() || retries == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new RetrySpec(
            on, new HashSet<>(policy.getRetriableStatusCodesList()), retries, perTry(policy), otherHosts, selections(policy)));
  }

  private static Set<RetrySpec.On> conditions(String retryOn) {
    Set<RetrySpec.On> on = EnumSet.noneOf(RetrySpec.On.class);
    for (String each : retryOn.split(",", -1)) {
      String name = each.strip();
      Optional<RetrySpec.On> condition = RetrySpec.On.of(name);
      if (condition.isPresent()) {
        on.add(condition.get());
      } else if (!name.isEmpty() && !OF_GRPC.contains(name)) {
        throw new Unusable("", "\"" + name + "\" is no condition that this proxy knows");
      }
    }
    return on;
  }

  private static Optional<Duration> perTry(RetryPolicy policy) {
    Duration time = Unusable.in("per_try_timeout", () -> Values.duration(policy.getPerTryTimeout()));
    return time.isZero() ? Optional.empty() : Optional.of(time);
  }

  private static boolean avoidsPreviousHosts(RetryPolicy policy) {
    Unusable.each(
        "retry_host_predicate",
        policy.getRetryHostPredicateList(),
        predicate -> {
          String type = predicate.getTypedConfig().getTypeUrl();
          boolean byNameAlone = type.isEmpty() && predicate.getName().equals("envoy.retry_host_predicates.previous_hosts");
          if (!type.equals(PREVIOUS_HOSTS) && !byNameAlone) {
            throw new Unusable("typed_config", "is " + type + "; only " + PREVIOUS_HOSTS + " is carried out here");
          }
          return true;
        });
    return policy.getRetryHostPredicateCount() > 0;
  }

  private static int selections(RetryPolicy policy) {
    long most = policy.getHostSelectionRetryMaxAttempts();
    return most == 0 ? 1 : Math.clamp(most, 1, MOST_RETRIES);
  }
}
