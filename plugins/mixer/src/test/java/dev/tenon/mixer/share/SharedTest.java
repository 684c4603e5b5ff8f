package dev.tenon.mixer.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.adapter.memquota.MemQuota;
import dev.tenon.mixer.Scripted;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Quotas;
import dev.tenon.spi.policy.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One limit, whichever proxy is asked. */
class SharedTest {
  private static final String LIMIT =
      """
      kind: handler
      metadata: {name: limit}
      spec:
        compiledAdapter: memquota
        params: {quotas: [{name: requests, maxAmount: 100, validDuration: 600s, rateLimitAlgorithm: FIXED_WINDOW}]}
      ---
      kind: instance
      metadata: {name: requests}
      spec: {compiledTemplate: quota, params: {dimensions: {user: 'request.headers["x-user"]'}}}
      ---
      kind: rule
      metadata: {name: limits, annotations: {policy.tenon.dev/on-failure: closed}}
      spec: {actions: [{handler: limit, instances: [requests]}]}
      """;

  private static final String CHECK =
      """
      kind: handler
      metadata: {name: guard}
      spec: {compiledAdapter: scripted}
      ---
      kind: instance
      metadata: {name: who}
      spec: {compiledTemplate: listentry, params: {value: 'request.headers["x-user"]'}}
      ---
      kind: rule
      metadata: {name: check}
      spec: {actions: [{handler: guard, instances: [who]}]}
      """;

  private final SmallKernel kernel = SmallKernel.start();
  private final PolicyServer server = new PolicyServer(kernel, new MemQuota()).rules(LIMIT).start();

  @AfterEach
  void close() {
    server.close();
    kernel.close();
  }

  private AskingProxy proxy(boolean prefetch) {
    return new AskingProxy(kernel, List.of(server.address()), new Shared.Terms(AskingProxy.PATIENT, prefetch, false), LIMIT, new MemQuota());
  }

  private static long allowed(List<CompletableFuture<Outcome>> all) {
    return all.stream().filter(each -> each.join().verdict() instanceof Verdict.Allow).count();
  }

  @ParameterizedTest
  @CsvSource({"false, 50", "true, 50", "false, 10", "true, 10"})
  void twoProxiesGrantTheLimitAndNoMore(boolean prefetch, int oneInSoManyIsAskedElsewhere) {
    try (AskingProxy one = proxy(prefetch); AskingProxy other = proxy(prefetch)) {
      long allowed = 0;
      for (int i = 0; i < 300; i++) {
        allowed += (i % oneInSoManyIsAskedElsewhere == 0 ? other : one).allowed("ann") ? 1 : 0;
      }
      // What the other was granted ahead it spends, or keeps: at most a part of what was left each time.
      assertThat(allowed).isBetween(prefetch ? 80L : 100L, 100L);
      for (int i = 0; i < 100; i++) {
        allowed += other.allowed("ann") ? 1 : 0;
      }
      assertThat(allowed).isBetween(prefetch ? 95L : 100L, 100L);
      assertThat(one.allowed("bob")).as("another key").isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whenAllAskAtOnceTheLimitHolds(boolean prefetch) {
    try (AskingProxy one = proxy(prefetch); AskingProxy other = proxy(prefetch)) {
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        all.add((i % 2 == 0 ? one : other).begin("ann"));
      }
      assertThat(allowed(all)).isBetween(prefetch ? 90L : 100L, 100L);
    }
  }

  @Test
  void whatIsGrantedAheadIsAFourthOfWhatIsLeftAndSavesTrips() {
    String large = LIMIT.replace("maxAmount: 100", "maxAmount: 20000");
    server.rules(large);
    try (AskingProxy one = new AskingProxy(kernel, List.of(server.address()), new Shared.Terms(Duration.ofSeconds(5), true, false), large, new MemQuota())) {
      long allowed = 0;
      for (int i = 0; i < 10_000; i++) {
        allowed += one.allowed("ann") ? 1 : 0;
      }
      assertThat(allowed).isEqualTo(10_000);
      assertThat(one.trips()).isLessThan(500);
      Quotas.Counted top = server.counters().top(1, handler -> true).fullest().getFirst();
      assertThat(top.handler()).isEqualTo("limit.default");
      assertThat(top.spending().key()).isEqualTo("requests.instance.default user=ann");
      // What is granted ahead counts as spent: the next grant may be under way while the last is used up.
      assertThat(top.spending().spent()).isBetween(10_000L, 17_500L);
    }
  }

  @Test
  void aRefusalThatIsSureToHoldIsNotAskedAgain() {
    try (AskingProxy one = proxy(false)) {
      for (int i = 0; i < 101; i++) {
        one.allowed("ann");
      }
      long before = one.trips();
      assertThat(one.denial("ann")).isEqualTo("RESOURCE_EXHAUSTED:Quota is exhausted for: requests");
      assertThat(one.begin("ann")).isDone();
      assertThat(one.trips()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, reset", "true, reset", "false, raised", "true, raised"})
  void whoWasRefusedSeesWithinAboutASecondThatMoreIsThere(boolean prefetch, String how) {
    try (AskingProxy one = proxy(prefetch)) {
      exhaust(one);
      if (how.equals("reset")) {
        assertThat(server.counters().reset("limit.default", "requests.instance.default user=ann")).isTrue();
      } else {
        server.rules(LIMIT.replace("maxAmount: 100", "maxAmount: 200"));
      }
      await().atMost(Duration.ofSeconds(5)).until(() -> {
        CompletableFuture<Outcome> answer = one.begin("ann");
        assertThat(answer).as("nobody waits until it is known").isDone();
        return answer.join().verdict() instanceof Verdict.Allow;
      });
      long more = 1;
      for (int i = 0; i < 110; i++) {
        more += one.allowed("ann") ? 1 : 0;
      }
      assertThat(more).as("nothing of it is lost").isBetween(prefetch ? 95L : 100L, 100L);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRefusalHoldsUntilItsWindowEndsWhileNobodyCanBeAsked(boolean prefetch) {
    try (AskingProxy one = proxy(prefetch)) {
      exhaust(one);
      server.kill();
      await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(10)).until(() -> {
        CompletableFuture<Outcome> answer = one.begin("ann");
        return answer.isDone() && one.denial("ann").startsWith("RESOURCE_EXHAUSTED");
      });
      server.start();
    }
  }

  /** Asks until it is refused. */
  private static void exhaust(AskingProxy one) {
    await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(1)).until(() -> !one.allowed("ann"));
  }

  @Test
  void aLimitIsForgottenByAnOperatorAndChangedLive() {
    try (AskingProxy one = proxy(false)) {
      assertThat(one.allowed("ann")).isTrue();
      assertThat(server.counters().reset("limit.default", "requests.instance.default user=ann")).isTrue();
      assertThat(server.counters().top(5, handler -> true).fullest()).isEmpty();
      server.rules(LIMIT.replace("maxAmount: 100", "maxAmount: 3"));
      assertThat(List.of(one.allowed("ann"), one.allowed("ann"), one.allowed("ann"), one.allowed("ann")))
          .containsExactly(true, true, true, false);
    }
  }

  @Test
  void nobodyThereIsTheRulesToDecideAndIsWaitedForOnce() {
    server.kill();
    try (AskingProxy closed = new AskingProxy(kernel, server.address(), true, LIMIT, new MemQuota());
        AskingProxy open = new AskingProxy(kernel, server.address(), true, LIMIT.replace("closed", "open"), new MemQuota())) {
      long begin = System.nanoTime();
      assertThat(closed.denial("ann")).startsWith("UNAVAILABLE:the policy service cannot be reached");
      assertThat(open.allowed("ann")).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AskingProxy.DEADLINE.multipliedBy(10));
      begin = System.nanoTime();
      for (int i = 0; i < 50; i++) {
        assertThat(closed.allowed("ann")).isFalse();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).as("it is known that nobody is there: not fifty deadlines").isLessThan(AskingProxy.DEADLINE.multipliedBy(10));
      server.start();
      await().atMost(Duration.ofSeconds(40)).until(() -> closed.allowed("ann"));
    }
  }

  @Test
  void aServiceThatIsKilledOrSwappedAndComesBackIsAskedAgainAndKnowsWhatWasSpent() {
    try (AskingProxy one = proxy(false)) {
      for (int i = 0; i < 40; i++) {
        assertThat(one.allowed("ann")).isTrue();
      }
      server.swap();
      await().atMost(Duration.ofSeconds(40)).until(() -> one.allowed("ann"));
      long more = 1;
      for (int i = 0; i < 100; i++) {
        more += one.allowed("ann") ? 1 : 0;
      }
      assertThat(40 + more).isBetween(99L, 100L);
    }
  }

  @Test
  void aServiceThatKeepsSilentCostsTheDeadlineAndNoMore() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        AskingProxy one =
            new AskingProxy(kernel, InetSocketAddress.createUnresolved("127.0.0.1", silent.getLocalPort()), true, LIMIT, new MemQuota())) {
      long quickest = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        long begin = System.nanoTime();
        assertThat(one.denial("ann")).startsWith("UNAVAILABLE");
        quickest = Math.min(quickest, System.nanoTime() - begin);
      }
      // What else this machine does makes it later, and never earlier.
      assertThat(Duration.ofNanos(quickest)).isLessThan(AskingProxy.DEADLINE.plusMillis(200));
    }
  }

  @Test
  void aReplicaThatIsGoneIsReplacedByAnother() {
    try (PolicyServer second = new PolicyServer(kernel, new MemQuota()).rules(LIMIT).start();
        AskingProxy one =
            new AskingProxy(
                kernel, List.of(server.address(), second.address()), new Shared.Terms(Duration.ofSeconds(2), false, false), LIMIT, new MemQuota())) {
      assertThat(one.allowed("ann")).isTrue();
      server.kill();
      await().atMost(Duration.ofSeconds(40)).until(() -> one.allowed("ann"));
      server.start();
    }
  }

  @Test
  void aVerdictIsUsedAsOftenAsItMayBeForEqualValues() {
    Scripted guard =
        Scripted.computing("scripted", instance -> new Verdict.Allow(new Verdict.Validity(Duration.ofMinutes(1), 3)));
    try (PolicyServer checks = new PolicyServer(kernel, guard).rules(CHECK).start();
        AskingProxy one =
            new AskingProxy(kernel, checks.address(), true, CHECK, Scripted.computing("scripted", instance -> Scripted.deny("asked here")))) {
      for (int i = 0; i < 6; i++) {
        assertThat(one.allowed("ann")).isTrue();
      }
      assertThat(one.trips()).isEqualTo(2);
      assertThat(one.allowed("bob")).isTrue();
      assertThat(one.trips()).isEqualTo(3);
    }
  }

  @Test
  void onlyWhoAsksForItSpendsBeforeTheAnswer() {
    Shared.Terms early = new Shared.Terms(AskingProxy.PATIENT, true, true);
    try (AskingProxy one = new AskingProxy(kernel, List.of(server.address()), early, LIMIT, new MemQuota())) {
      assertThat(one.begin("ann")).isDone();
    }
    try (AskingProxy one = proxy(true)) {
      assertThat(one.begin("cat")).isNotDone();
    }
  }

  @Test
  void anUnknownHandlerIsSaidToBeUnknown() {
    server.rules(LIMIT.replace("metadata: {name: limit}", "metadata: {name: other}"));
    try (AskingProxy one = proxy(true)) {
      assertThat(one.denial("ann")).isEqualTo("UNAVAILABLE:the policy service has no handler limit.default (rule limits.default)");
    }
  }
}
