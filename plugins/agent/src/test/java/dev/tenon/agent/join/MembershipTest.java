package dev.tenon.agent.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.agent.ManualTimers;
import dev.tenon.agent.probe.Vigil;
import dev.tenon.agent.probe.Vigils;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Protocol;
import dev.tenon.spi.model.ServiceName;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.model.WorkloadPort;
import dev.tenon.spi.workload.Entrant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipTest {
  private static final String FIRST = "register default/reviews-v1 as ''";
  private static final String BACK = "register default/reviews-v1 as 'id-1'";
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  @TempDir Path directory = Path.of("");

  private final ScriptedLine line = new ScriptedLine();
  private final ManualTimers timers = new ManualTimers();
  private boolean open = true;
  private Membership membership = membership(Path.of("never-used"), true);

  private Membership membership(Path state, boolean withPort) {
    WorkloadPort port = new WorkloadPort(new ServiceName("reviews", "default"), 9080, Protocol.HTTP, 9080, "");
    Workload workload =
        new Workload(
            "reviews-v1", "default", "", "127.0.0.13", Map.of(), Locality.NONE, "default", withPort ? List.of(port) : List.of());
    Entrant entrant = new Entrant(workload, withPort ? List.of(0) : List.of(), Optional.empty());
    Vigil vigil = Vigils.of(entrant, (looked, answer) -> answer.accept(open), timers);
    return new Membership(
        line,
        entrant,
        Duration.ofSeconds(10),
        Duration.ofMillis(500),
        new LeaseIdFile(state.resolve("lease-id")),
        vigil,
        timers,
        new Backoff(new Random(7)));
  }

  @BeforeEach
  void useTheDirectory() {
    membership = membership(directory, true);
  }

  private boolean hasJoined() {
    return membership.joined().toCompletableFuture().isDone();
  }

  private CompletableFuture<Void> leaving() {
    return membership.leave(DEADLINE).toCompletableFuture();
  }

  private void joined() {
    membership.join();
    line.last().grant("id-1");
    assertThat(hasJoined()).isTrue();
  }

  @Test
  void beatsThreeTimesInWhatWasGranted() {
    membership.join();
    assertThat(hasJoined()).isFalse();
    line.last().grant("id-1");
    assertThat(hasJoined()).isTrue();
    for (int beats = 1; beats <= 3; beats++) {
      timers.pass(Duration.ofSeconds(3));
      line.last().grant("id-1");
    }
    assertThat(line.last().said).containsExactly(FIRST, "beat", "beat", "beat");
    assertThat(line.streams).hasSize(1);
  }

  @Test
  void registersAtOnceAndSaysWhenItCanBeCalled() {
    open = false;
    membership.join();
    assertThat(line.last().said).containsExactly(FIRST + " STARTING");
    line.last().grant("id-1");
    assertThat(hasJoined()).isTrue();
    timers.pass(Duration.ofMillis(250));
    open = true;
    timers.pass(Duration.ofMillis(50));
    assertThat(line.last().said).containsExactly(FIRST + " STARTING", BACK);
    line.last().grant("id-1");
    timers.pass(Duration.ofSeconds(3));
    assertThat(line.last().said).containsExactly(FIRST + " STARTING", BACK, "beat");
  }

  @Test
  void whatOpensBeforeTheFirstAnswerIsSaidWithIt() {
    open = false;
    membership.join();
    open = true;
    timers.pass(Duration.ofMillis(100));
    line.last().grant("id-1");
    assertThat(line.last().said).containsExactly(FIRST + " STARTING", BACK);
  }

  @Test
  void aWorkloadThatNeverOpensStaysRegisteredAndIsLookedAtMoreSlowly() {
    open = false;
    membership.join();
    for (int beats = 0; beats < 20; beats++) {
      line.last().grant("id-1");
      timers.pass(Duration.ofSeconds(3));
    }
    assertThat(line.streams).hasSize(1);
    open = true;
    line.last().grant("id-1");
    timers.pass(Duration.ofSeconds(1));
    assertThat(line.last().said).endsWith(BACK);
  }

  @Test
  void aSuccessorTakesItForServing() {
    joined();
    open = false;
    Membership successor = membership(directory, true);
    successor.succeed();
    assertThat(line.last().said).containsExactly(BACK);
    successor.close();
  }

  @Test
  void comesBackWithItsLeaseIdWhenTheStreamIsLost() {
    joined();
    line.last().end(Line.Kind.LOST);
    timers.pass(Duration.ofMillis(200));
    assertThat(line.last().said).containsExactly(BACK);
  }

  @Test
  void waitsLongerEachTimeAndNeverMoreThanTwoSeconds() {
    membership.join();
    for (int attempt = 0; attempt < 20; attempt++) {
      int before = line.streams.size();
      line.last().end(Line.Kind.LOST);
      timers.pass(Duration.ofMillis(99));
      assertThat(line.streams).hasSize(before);
      timers.pass(Duration.ofMillis(1_901));
      assertThat(line.streams).hasSize(before + 1);
    }
    line.last().end(Line.Kind.LOST);
    timers.pass(Duration.ofMillis(999));
    assertThat(line.streams).hasSize(21);
  }

  @Test
  void aRefusalIsAskedAgainSlowlyAndIsNoMembership() {
    membership.join();
    line.last().end(Line.Kind.REFUSED);
    timers.pass(Duration.ofMillis(9_999));
    assertThat(line.streams).hasSize(1);
    timers.pass(Duration.ofMillis(1));
    assertThat(line.streams).hasSize(2);
    assertThat(hasJoined()).isFalse();
  }

  @Test
  void aControlPlaneThatDoesNotAnswerIsCalledAnew() {
    membership.join();
    timers.pass(Membership.PATIENCE);
    assertThat(line.streams.getFirst().said).containsExactly(FIRST, "tear");
    timers.pass(Duration.ofMillis(200));
    line.last().grant("id-1");
    timers.pass(Duration.ofMillis(3_000 + 4_500 + 200));
    assertThat(line.streams.get(1).said).containsExactly(FIRST, "beat", "tear");
    assertThat(line.last().said).containsExactly(BACK);
  }

  @Test
  void whatAFormerStreamSaysIsIgnored() {
    joined();
    ScriptedLine.End former = line.last();
    former.end(Line.Kind.LOST);
    former.end(Line.Kind.LOST);
    former.grant("id-9");
    timers.pass(Duration.ofMillis(200));
    assertThat(line.streams).hasSize(2);
    assertThat(line.last().said).containsExactly(BACK);
  }

  @Test
  void aRestartedAgentComesBackToItsLease() {
    joined();
    membership.close();
    membership = membership(directory, true);
    membership.join();
    assertThat(line.last().said).containsExactly(BACK);
  }

  @Test
  void leavingIsAnnouncedThenWaitsForTheNewsToSpreadAndThenEndsTheLease() {
    joined();
    CompletableFuture<Void> left = leaving();
    assertThat(line.last().said).containsExactly(FIRST, BACK + " DRAINING");
    timers.pass(Duration.ofMillis(100));
    line.last().grant("id-1");
    timers.pass(Duration.ofMillis(499));
    assertThat(line.last().said).hasSize(2);
    timers.pass(Duration.ofMillis(1));
    assertThat(line.last().said).endsWith("leave");
    assertThat(left).isNotDone();
    line.last().end(Line.Kind.LEFT);
    assertThat(left).isCompleted();
    timers.pass(Duration.ofMinutes(1));
    assertThat(line.streams).hasSize(1);
  }

  @Test
  void nobodyWaitsForTheNewsOfAWorkloadWithoutPorts() {
    membership = membership(directory, false);
    joined();
    CompletableFuture<Void> left = leaving();
    line.last().end(Line.Kind.LEFT);
    assertThat(left).isCompleted();
  }

  @Test
  void leavingWhileTheRegistryIsReplacedTriesAgain() {
    joined();
    CompletableFuture<Void> left = leaving();
    line.last().end(Line.Kind.LOST);
    timers.pass(Duration.ofMillis(200));
    line.last().grant("id-1");
    timers.pass(Duration.ofMillis(500));
    assertThat(line.last().said).containsExactly(BACK + " DRAINING", "leave");
    line.last().end(Line.Kind.LOST);
    timers.pass(Duration.ofMillis(200));
    line.last().grant("id-1");
    assertThat(line.last().said).containsExactly(BACK + " DRAINING", "leave");
    line.last().end(Line.Kind.LEFT);
    assertThat(left).isCompleted();
  }

  @Test
  void leavingIsBoundedWhenTheControlPlaneIsGone() {
    joined();
    CompletableFuture<Void> left = leaving();
    timers.pass(Membership.FAREWELL);
    assertThat(left).isCompleted();
    assertThat(line.last().said).endsWith("tear");
  }

  @Test
  void whoeverNeverJoinedLeavesAtOnce() {
    membership.join();
    line.last().end(Line.Kind.LOST);
    assertThat(leaving()).isCompleted();
    timers.pass(Duration.ofMinutes(1));
    assertThat(line.streams).hasSize(1);
  }

  @Test
  void whoeverIsJustJoiningLeavesWhenItHasJoined() {
    membership.join();
    CompletableFuture<Void> left = leaving();
    line.last().grant("id-1");
    assertThat(line.last().said).containsExactly(FIRST, "leave");
    line.last().end(Line.Kind.LEFT);
    timers.pass(Duration.ofMillis(500));
    assertThat(left).isCompleted();
  }

  @Test
  void handingOverKeepsTheLease() {
    joined();
    membership.close();
    membership.close();
    assertThat(line.last().said).containsExactly(FIRST, "tear");
    timers.pass(Duration.ofMinutes(1));
    assertThat(line.streams).hasSize(1);
    assertThat(leaving()).isCompleted();
  }
}
