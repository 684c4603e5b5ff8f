package dev.tenon.proxy.warm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  @Test
  void everyRehearsedRequestTakesTheRealPathAndIsAnswered() {
    try (Rehearsal rehearsal = new Rehearsal()) {
      rehearsal.run(Scene.TURNS.size() * 50);
      assertThat(rehearsal.upstreams()).as("pools lend again what they have").isBetween(2, 12);
    }
  }

  @Test
  void aColdGenerationIsRehearsedUntilItIsAboutAsCheapAsTheGoal() throws Exception {
    long goal = WarmUp.cost(Duration.ofSeconds(2));
    assertThat(goal).isPositive();
    String told = WarmUp.run(OptionalLong.of(goal), Duration.ofSeconds(20));
    assertThat(told).contains("in the older generation").doesNotContain("not warm");
  }

  @Test
  void aGoalOutOfReachEndsAtTheDeadline() throws Exception {
    String told = WarmUp.run(OptionalLong.of(1), Duration.ofMillis(200));
    assertThat(told).endsWith("not warm at its deadline");
  }
}
