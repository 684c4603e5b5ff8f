package dev.tenon.mixer.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.mixer.Scripted;
import dev.tenon.mixer.SmallKernel;
import dev.tenon.mixer.Yaml;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Verdicts that an adapter says may be used again: {@code validDuration}, {@code validUseCount}. */
class HeldVerdictsTest {
  private static final String RULES =
      """
      kind: handler
      metadata: {name: judge}
      spec: {compiledAdapter: judge}
      ---
      kind: instance
      metadata: {name: who}
      spec: {compiledTemplate: listentry, params: {value: 'request.headers["x-user"]'}}
      ---
      kind: rule
      metadata: {name: judges}
      spec: {actions: [{handler: judge, instances: [who]}]}
      """;

  private final SmallKernel kernel = SmallKernel.start();

  @AfterEach
  void close() {
    kernel.close();
  }

  private static Function<Instance, Verdict> forThreeUses(Duration time) {
    return instance ->
        "eve".equals(instance.values().get("value"))
            ? new Verdict.Deny(Verdict.Code.PERMISSION_DENIED, "not you", new Verdict.Validity(time, 3))
            : new Verdict.Allow(new Verdict.Validity(time, 3));
  }

  private void ask(String user, int times) {
    try (Policy policy = kernel.engine().compile(Yaml.policy(RULES))) {
      ask(policy, user, times, true);
    }
  }

  private static void ask(Policy policy, String user, int times, boolean allowed) {
    for (int i = 0; i < times; i++) {
      assertThat(Asked.of(policy, Map.of("request.headers", Map.of("x-user", user), "request.path", "/" + i)).allowed()).isEqualTo(allowed);
    }
  }

  @Test
  void anAdapterThatTakesItsTimeIsAskedAgainWhenItsVerdictIsUsedUp() {
    Scripted judge = Scripted.blocking("judge", forThreeUses(Duration.ofMinutes(1)));
    kernel.install(judge);
    try (Policy policy = kernel.engine().compile(Yaml.policy(RULES))) {
      ask(policy, "ann", 7, true);
      assertThat(judge.calls).hasValue(3);
      assertThat(kernel.figure("tenon_policy_cache_total", "hit")).isEqualTo(4);
      assertThat(kernel.figure("tenon_policy_cache_total", "miss")).isEqualTo(3);
      ask(policy, "eve", 3, false);
      assertThat(judge.calls).as("a denial holds too, for its own values").hasValue(4);
    }
  }

  @Test
  void aVerdictHoldsNoLongerThanItSays() {
    Scripted judge = Scripted.blocking("judge", forThreeUses(Duration.ZERO));
    kernel.install(judge);
    ask("ann", 4);
    assertThat(judge.calls).hasValue(4);
    Scripted quick = Scripted.blocking("judge", forThreeUses(Duration.ofNanos(1)));
    kernel.install(quick);
    ask("ann", 4);
    assertThat(quick.calls).hasValue(4);
  }

  @Test
  void whatWasMadeOfMoreThanTheInstanceHoldsForOneRequest() {
    Scripted judge =
        Scripted.blocking("judge", instance -> {
          assertThat(instance.attributes().get("request.path")).isNotNull();
          return new Verdict.Allow(new Verdict.Validity(Duration.ofMinutes(1), 100));
        });
    kernel.install(judge);
    ask("ann", 3);
    assertThat(judge.calls).hasValue(3);
  }

  @Test
  void anAdapterThatOnlyComputesIsAskedEachTime() {
    Scripted judge = Scripted.computing("judge", forThreeUses(Duration.ofMinutes(1)));
    kernel.install(judge);
    ask("ann", 3);
    assertThat(judge.calls).hasValue(3);
  }

  @Test
  void anotherBuildOfTheAdapterIsAskedAnew() {
    Scripted judge = Scripted.blocking("judge", forThreeUses(Duration.ofMinutes(1)));
    kernel.install(judge);
    try (Policy policy = kernel.engine().compile(Yaml.policy(RULES))) {
      Map<String, Object> ann = Map.of("request.headers", Map.of("x-user", "ann"));
      assertThat(Asked.of(policy, ann).allowed()).isTrue();
      Scripted next = Scripted.blocking("judge", forThreeUses(Duration.ofMinutes(1)));
      kernel.install(next);
      assertThat(Asked.of(policy, ann).allowed()).isTrue();
      assertThat(next.calls).hasValue(1);
    }
  }
}
