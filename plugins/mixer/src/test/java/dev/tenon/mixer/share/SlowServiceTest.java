package dev.tenon.mixer.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.adapter.memquota.MemQuota;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts takes a fifth of the deadline for each answer: it counts, and nobody gets a failure for it. */
class SlowServiceTest {
  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final Duration AFTER = Duration.ofMillis(200);
  private static final int LIMIT = 60;

  private static String rules(String algorithm) {
    return """
    kind: handler
    metadata: {name: limit}
    spec:
      compiledAdapter: memquota
      params: {quotas: [{name: requests, maxAmount: %d, validDuration: 600s, rateLimitAlgorithm: %s}]}
    ---
    kind: instance
    metadata: {name: requests}
    spec: {compiledTemplate: quota, params: {dimensions: {user: 'request.headers["x-user"]'}}}
    ---
    kind: rule
    metadata: {name: limits, annotations: {policy.tenon.dev/on-failure: closed}}
    spec: {actions: [{handler: limit, instances: [requests]}]}
    """
        .formatted(LIMIT, algorithm);
  }

  private static long count(List<Outcome> all, Verdict.Code code) {
    return all.stream().filter(each -> each.verdict() instanceof Verdict.Deny deny && deny.code() == code).count();
  }

  @ParameterizedTest
  @CsvSource({"FIXED_WINDOW, true", "ROLLING_WINDOW, true", "FIXED_WINDOW, false", "ROLLING_WINDOW, false"})
  void aLimitIsSpentAndThenRefusedAndNothingFails(String algorithm, boolean prefetch) {
    String rules = rules(algorithm);
    try (SmallKernel kernel = SmallKernel.start();
        PolicyServer server = new PolicyServer(kernel, new SlowQuota(new MemQuota(), AFTER)).rules(rules).start();
        AskingProxy proxy = new AskingProxy(
            kernel, List.of(server.address()), new Shared.Terms(DEADLINE, prefetch, false), rules, new MemQuota())) {
      List<CompletableFuture<Outcome>> begun = new ArrayList<>();
      long begin = System.nanoTime();
      for (int i = 0; i < 240; i++) { // one each 20 ms
        for (long wait = begin + i * 20_000_000L - System.nanoTime(); wait > 0; wait = begin + i * 20_000_000L - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        begun.add(proxy.begin("ann"));
      }
      List<Outcome> all = begun.stream().map(each -> each.orTimeout(5, TimeUnit.SECONDS).join()).toList();
      assertThat(count(all, Verdict.Code.UNAVAILABLE)).as("failures").isZero();
      long refused = count(all, Verdict.Code.RESOURCE_EXHAUSTED);
      assertThat(all.size() - refused).as("let go on").isBetween(LIMIT - 2L, (long) LIMIT);
    }
  }

  @Test
  void thoseWhoWaitAreAskedForTogether() {
    String rules = rules("FIXED_WINDOW");
    try (SmallKernel kernel = SmallKernel.start();
        PolicyServer server = new PolicyServer(kernel, new SlowQuota(new MemQuota(), AFTER)).rules(rules).start();
        AskingProxy proxy = new AskingProxy(
            kernel, List.of(server.address()), new Shared.Terms(DEADLINE, true, false), rules, new MemQuota())) {
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        all.add(proxy.begin("ann"));
      }
      assertThat(all.stream().filter(each -> each.join().verdict() instanceof Verdict.Allow).count()).isEqualTo(LIMIT);
      assertThat(proxy.trips()).as("one for the first, one for all others").isEqualTo(2);
    }
  }
}
