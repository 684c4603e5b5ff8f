package dev.tenon.mixer.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.mixer.Scripted;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Yaml;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The engine with adapters that take their time. */
class BlockingAdapterTest {
  private static final String SLOW_THEN_QUICK =
      """
      kind: handler
      metadata: {name: slow}
      spec: {compiledAdapter: slow}
      ---
      kind: handler
      metadata: {name: quick}
      spec: {compiledAdapter: quick}
      ---
      kind: instance
      metadata: {name: anything}
      spec: {compiledTemplate: checknothing}
      ---
      kind: rule
      metadata: {name: first}
      spec: {actions: [{handler: slow, instances: [anything]}]}
      ---
      kind: rule
      metadata: {name: second}
      spec: {match: 'request.path == "/both"', actions: [{handler: quick, instances: [anything]}]}
      """;

  private static final Map<String, Object> SLOW_ALONE = Map.of("request.path", "/");
  private static final Map<String, Object> BOTH = Map.of("request.path", "/both");

  private final CountDownLatch go = new CountDownLatch(1);
  private final Scripted quick = Scripted.computing("quick", instance -> Scripted.deny("quick"));

  private Scripted slow(Verdict verdict) {
    return Scripted.blocking("slow", instance -> afterGo(verdict));
  }

  private Verdict afterGo(Verdict verdict) {
    try {
      go.await();
      return verdict;
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Policy compile(SmallKernel kernel) {
    return kernel.engine().compile(Yaml.policy(SLOW_THEN_QUICK));
  }

  @Test
  void aCallThatMayBlockIsAnsweredLaterAndOnce() {
    try (SmallKernel kernel = SmallKernel.start("deadline=10s")) {
      kernel.install(slow(Scripted.deny("slow")));
      Asked asked = Asked.of(compile(kernel), SLOW_ALONE);
      assertThat(asked.atOnce()).isFalse();
      assertThat(asked.answered()).isFalse();
      go.countDown();
      assertThat(asked.body()).isEqualTo("PERMISSION_DENIED:slow.default:slow");
      kernel.mixer().close();
      assertThat(asked.timesTold()).isEqualTo(1);
    }
  }

  @Test
  void anEarlierRuleDecidesThoughItsAnswerComesLater() {
    try (SmallKernel kernel = SmallKernel.start("deadline=10s")) {
      kernel.install(slow(Scripted.deny("slow")), quick);
      Asked asked = Asked.of(compile(kernel), BOTH);
      assertThat(asked.answered()).isFalse();
      go.countDown();
      assertThat(asked.body()).isEqualTo("PERMISSION_DENIED:slow.default:slow");
    }
  }

  @Test
  void aLaterRuleDecidesWhenTheEarlierOneAllows() {
    try (SmallKernel kernel = SmallKernel.start("deadline=10s")) {
      kernel.install(slow(Verdict.ALLOW), quick);
      Asked asked = Asked.of(compile(kernel), BOTH);
      go.countDown();
      assertThat(asked.body()).isEqualTo("PERMISSION_DENIED:quick.default:quick");
    }
  }

  @Test
  void anAnswerIsWaitedForUntilTheDeadline() {
    try (SmallKernel kernel = SmallKernel.start("deadline=30ms")) {
      kernel.install(slow(Verdict.ALLOW));
      Asked asked = Asked.of(compile(kernel), SLOW_ALONE);
      assertThat(asked.body()).startsWith("UNAVAILABLE:slow.default:no answer within 30 ms");
      go.countDown();
      kernel.mixer().close();
      assertThat(asked.timesTold()).isEqualTo(1);
    }
  }

  @Test
  void moreCallsThanAHandlerMayHaveFailAtOnce() {
    try (SmallKernel kernel = SmallKernel.start("concurrency=3", "deadline=10s")) {
      kernel.install(slow(Verdict.ALLOW));
      Policy policy = compile(kernel);
      List<Asked> asked = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        asked.add(Asked.of(policy, SLOW_ALONE));
      }
      Asked tooMany = Asked.of(policy, SLOW_ALONE);
      assertThat(tooMany.atOnce()).isTrue();
      assertThat(tooMany.body()).startsWith("UNAVAILABLE:slow.default:too many calls are under way");
      go.countDown();
      assertThat(asked).allMatch(Asked::allowed);
    }
  }

  @Test
  void aHandlerThatIsWellAgainIsCalledAgain() {
    try (SmallKernel kernel = SmallKernel.start("failures=1", "quarantine=20ms")) {
      AtomicBoolean well = new AtomicBoolean();
      go.countDown();
      kernel.install(
          Scripted.blocking(
              "slow",
              instance -> {
                if (!well.get()) {
                  throw new IllegalStateException("not well");
                }
                return Verdict.ALLOW;
              }));
      Policy policy = compile(kernel);
      assertThat(Asked.of(policy, SLOW_ALONE).allowed()).isFalse();
      well.set(true);
      await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(5)).until(() -> Asked.of(policy, SLOW_ALONE).allowed());
    }
  }

  @Test
  void anAdapterIsClosedOnlyAfterTheLastCallOfIt() {
    try (SmallKernel kernel = SmallKernel.start("deadline=10s")) {
      Scripted slow = slow(Verdict.ALLOW);
      kernel.install(slow);
      Policy policy = compile(kernel);
      Asked asked = Asked.of(policy, SLOW_ALONE);
      policy.close();
      assertThat(slow.closed).hasValue(0);
      go.countDown();
      assertThat(asked.allowed()).isTrue();
      await().atMost(Duration.ofSeconds(40)).until(() -> slow.closed.get() == 1);
    }
  }

  @Test
  void drainingIsDoneWhenNoCallIsUnderWay() {
    try (SmallKernel kernel = SmallKernel.start("deadline=10s")) {
      kernel.install(slow(Verdict.ALLOW));
      Asked asked = Asked.of(compile(kernel), SLOW_ALONE);
      var drained = kernel.mixer().drain(Duration.ofSeconds(10)).toCompletableFuture();
      assertThat(drained).isNotDone();
      go.countDown();
      assertThat(asked.allowed()).isTrue();
      await().atMost(Duration.ofSeconds(40)).until(drained::isDone);
    }
  }

  @Test
  void noThreadOutlivesTheModule() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    Asked asked;
    try (SmallKernel kernel = SmallKernel.start("deadline=500ms")) {
      kernel.install(
          Scripted.blocking(
              "slow",
              instance -> {
                thread.set(Thread.currentThread());
                return afterGo(Verdict.ALLOW);
              }));
      asked = Asked.of(compile(kernel), SLOW_ALONE);
      await().atMost(Duration.ofSeconds(40)).until(() -> thread.get() != null);
    }
    Thread plug = Objects.requireNonNull(thread.get());
    await().atMost(Duration.ofSeconds(40)).until(() -> !plug.isAlive());
    assertThat(asked.allowed()).isFalse();
    assertThat(asked.timesTold()).isEqualTo(1);
  }
}
