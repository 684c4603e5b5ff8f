package dev.tenon.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.agent.ManualTimers;
import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.workload.Entrant;
import dev.tenon.spi.workload.ReadinessProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Given these findings, what is told of the workload, and when. */
class VigilTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final ReadinessProbe PROBE =
      new ReadinessProbe(
          new ReadinessProbe.TcpSocket("127.0.0.1", 1), Duration.ofSeconds(4), Duration.ofSeconds(10), SECOND, 2, 3);

  private final ManualTimers timers = new ManualTimers();
  private final List<Condition> told = new ArrayList<>();
  private boolean open = true;
  private Verdict finding = Verdict.GOOD;
  private int checks;
  private boolean brokenOff;
  private final Vigil vigil = new Vigil(entrant(), true, (workload, answer) -> answer.accept(open), _ -> this::check, timers);

  private static Entrant entrant() {
    Workload workload = new Workload("a", "default", "", "127.0.0.13", Map.of(), Locality.NONE, "default", List.of());
    return new Entrant(workload, List.of(), Optional.of(PROBE));
  }

  private Runnable check(Consumer<Verdict> answer) {
    checks++;
    answer.accept(finding);
    return () -> brokenOff = true;
  }

  private List<Health> health() {
    return told.stream().map(Condition::health).toList();
  }

  private void healthy() {
    vigil.begin(told::add);
    timers.pass(Duration.ofSeconds(5));
    assertThat(told).endsWith(Condition.WELL);
    told.clear();
  }

  @Test
  void isStartingUntilItsPortsAreOpenAndItsProbeHasPassedOftenEnough() {
    open = false;
    vigil.begin(told::add);
    assertThat(told.getLast().reason()).isEqualTo("it does not accept connections on all its ports at 127.0.0.13");
    open = true;
    timers.pass(Duration.ofMillis(100));
    assertThat(told.getLast()).isEqualTo(new Condition(Health.STARTING, "its probe has not passed yet"));
    timers.pass(Duration.ofMillis(3_999));
    assertThat(checks).as("checks within the initial delay").isZero();
    timers.pass(Duration.ofMillis(1));
    assertThat(told.getLast().health()).as("after one of two").isEqualTo(Health.STARTING);
    timers.pass(SECOND);
    assertThat(told.getLast()).isEqualTo(Condition.WELL);
  }

  @Test
  void whatNeverWasReadyIsStartingHoweverOftenItFails() {
    finding = Verdict.bad("503");
    vigil.begin(told::add);
    timers.pass(Duration.ofSeconds(20));
    assertThat(checks).as("once a second, not once in ten").isGreaterThan(10);
    assertThat(told.getLast()).isEqualTo(new Condition(Health.STARTING, "503"));
  }

  private Vigil ofAGroup() {
    Workload workload = new Workload("a", "default", "", "127.0.0.13", Map.of(), Locality.NONE, "", List.of());
    return new Vigil(
        new Entrant("db", workload, List.of(), Optional.empty()), true, (_, answer) -> answer.accept(open), _ -> this::check, timers);
  }

  @Test
  void aWorkloadOfAGroupIsNotWellBeforeItsGroupWasHeard() {
    Vigil grouped = ofAGroup();
    grouped.begin(told::add);
    assertThat(told.getLast().health()).isEqualTo(Health.STARTING);
    grouped.advised(Optional.empty());
    assertThat(told.getLast()).as("the group asks nothing").isEqualTo(Condition.WELL);
    assertThat(checks).isZero();
  }

  @Test
  void aGroupsProbeIsCarriedOutAndItsChangeTakesEffectAtOnce() {
    Vigil grouped = ofAGroup();
    grouped.begin(told::add);
    grouped.advised(Optional.of(PROBE));
    timers.pass(Duration.ofSeconds(3));
    assertThat(told.getLast()).isEqualTo(new Condition(Health.STARTING, "its probe has not passed yet"));
    timers.pass(Duration.ofSeconds(2));
    assertThat(told.getLast()).isEqualTo(Condition.WELL);
    int before = checks;
    grouped.advised(Optional.of(PROBE));
    assertThat(checks).as("the same again is no news").isEqualTo(before);
    finding = Verdict.bad("503");
    grouped.advised(Optional.of(new ReadinessProbe(PROBE.check(), Duration.ZERO, SECOND, SECOND, 1, 1)));
    assertThat(told.getLast()).as("well until the new probe has failed").isEqualTo(Condition.WELL);
    timers.pass(SECOND);
    assertThat(told.getLast()).isEqualTo(new Condition(Health.UNHEALTHY, "503"));
    grouped.advised(Optional.empty());
    assertThat(told.getLast()).as("nobody asks any more").isEqualTo(Condition.WELL);
    timers.pass(Duration.ofMinutes(1));
    assertThat(told.getLast()).isEqualTo(Condition.WELL);
  }

  @Test
  void whatAWorkloadSaysOfItsOwnProbeGoesBeforeItsGroup() {
    healthy();
    vigil.advised(Optional.of(new ReadinessProbe(PROBE.check(), Duration.ZERO, SECOND, SECOND, 1, 1)));
    finding = Verdict.bad("503");
    timers.pass(Duration.ofSeconds(20));
    assertThat(health()).as("not at the first failure").containsOnly(Health.HEALTHY);
  }

  @Test
  void aSuccessorOfAGroupSaysWhatItsPredecessorKnewAndThenAsks() {
    Vigil grouped = ofAGroup();
    grouped.resume(told::add);
    assertThat(told).isEmpty();
    grouped.know(new Condition(Health.UNHEALTHY, "503"));
    assertThat(told.getLast()).isEqualTo(new Condition(Health.UNHEALTHY, "503"));
    grouped.advised(Optional.of(PROBE));
    assertThat(told.getLast().health()).isEqualTo(Health.UNHEALTHY);
    timers.pass(Duration.ofSeconds(21));
    assertThat(told.getLast()).isEqualTo(Condition.WELL);
  }

  @Test
  void isUnhealthyAtTheThirdFailureInARowAndNotBefore() {
    healthy();
    finding = Verdict.bad("refused");
    timers.pass(Duration.ofSeconds(20));
    finding = Verdict.GOOD;
    timers.pass(Duration.ofSeconds(10));
    finding = Verdict.bad("503");
    timers.pass(Duration.ofSeconds(20));
    assertThat(health()).containsOnly(Health.HEALTHY);
    timers.pass(Duration.ofSeconds(10));
    assertThat(told).endsWith(new Condition(Health.UNHEALTHY, "503"));
  }

  @Test
  void isHealthyAgainAtTheSecondSuccessInARow() {
    healthy();
    finding = Verdict.bad("503");
    timers.pass(Duration.ofSeconds(30));
    finding = Verdict.GOOD;
    timers.pass(Duration.ofSeconds(10));
    assertThat(told.getLast().health()).isEqualTo(Health.UNHEALTHY);
    timers.pass(Duration.ofSeconds(10));
    assertThat(told).endsWith(Condition.WELL);
  }

  @Test
  void aSuccessorTellsNothingBeforeItKnowsAndThenWhatItsPredecessorKnew() {
    finding = Verdict.bad("one slip");
    vigil.resume(told::add);
    assertThat(told).isEmpty();
    vigil.know(Condition.WELL);
    assertThat(told).containsExactly(Condition.WELL);
    timers.pass(Duration.ofSeconds(21));
    assertThat(health()).containsOnly(Health.HEALTHY, Health.UNHEALTHY).endsWith(Health.UNHEALTHY);
  }

  @Test
  void whatASuccessorFoundItselfCountsMore() {
    vigil.resume(told::add);
    vigil.know(new Condition(Health.UNHEALTHY, "long ago"));
    assertThat(told).containsExactly(Condition.WELL);
  }

  @Test
  void nothingIsToldAndNothingRunsAfterItsEnd() {
    healthy();
    vigil.close();
    int before = checks;
    timers.pass(Duration.ofMinutes(1));
    assertThat(told).isEmpty();
    assertThat(checks).isEqualTo(before);
    assertThat(brokenOff).isTrue();
  }
}
