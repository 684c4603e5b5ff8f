package dev.tenon.registry.vm.lease;

import static dev.tenon.registry.vm.accept.Said.claim;
import static dev.tenon.registry.vm.accept.Said.reviews;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.registry.vm.accept.Claim;
import dev.tenon.registry.vm.accept.Ending;
import dev.tenon.wire.registration.v1.Beat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeaseDeskTest {
  private static final Claim RENEWAL = claim(Beat.getDefaultInstance());
  private final AtomicInteger ids = new AtomicInteger();
  private final List<Change> changes = new ArrayList<>();
  private final List<Runnable> unanswered = new ArrayList<>();
  private long now;
  private final LeaseDesk desk =
      new LeaseDesk(
          10_000,
          () -> "lease-%016d".formatted(ids.incrementAndGet()),
          () -> now,
          (changed, done) -> {
            changes.addAll(changed);
            unanswered.add(done);
          });

  private Streams opened() {
    Streams stream = new Streams();
    desk.open(stream);
    return stream;
  }

  private void pass(Duration time) {
    long until = now + time.toNanos();
    while (now < until) {
      now = Math.min(now + 250_000_000L, until);
      desk.sweep();
    }
  }

  private void keep() {
    unanswered.forEach(Runnable::run);
    unanswered.clear();
  }

  @Test
  void answersWhenTheRegistrationIsKeptAndRenewalsAtOnce() {
    desk.admit(List.of());
    Streams stream = opened();
    desk.beat(stream, claim(reviews("a", "127.0.0.13")));
    assertThat(stream.granted).isEmpty();
    keep();
    assertThat(stream.granted).hasSize(1);
    desk.beat(stream, RENEWAL);
    assertThat(stream.granted).hasSize(2);
    assertThat(changes).hasSize(1);
  }

  @Test
  void whatIsSaidBeforeTheDeskOpensWaitsInOrder() {
    Streams stays = opened();
    Streams leaves = opened();
    desk.beat(stays, claim(reviews("a", "127.0.0.13")));
    desk.beat(leaves, claim(reviews("b", "127.0.0.14")));
    desk.leave(leaves);
    assertThat(changes).isEmpty();
    desk.admit(List.of());
    assertThat(changes).extracting(Change::key).containsExactly("default/a", "default/b", "default/b");
    assertThat(changes.getLast()).isEqualTo(new Change.Removed("default/b"));
  }

  @Test
  void anExpiredLeaseIsPassedOnAndItsStreamIsTold() {
    desk.admit(List.of());
    Streams stream = opened();
    desk.beat(stream, claim(reviews("a", "127.0.0.13")));
    pass(Duration.ofSeconds(9));
    assertThat(stream.cause()).isNull();
    pass(Duration.ofSeconds(1));
    assertThat(stream.cause()).isEqualTo(Ending.Cause.SILENT);
    assertThat(changes.getLast()).isEqualTo(new Change.Removed("default/a"));
  }

  @Test
  void aProcessThatStoodStillTakesNobodyForDead() {
    desk.admit(List.of());
    Streams stream = opened();
    desk.beat(stream, claim(reviews("a", "127.0.0.13")));
    pass(Duration.ofSeconds(4));
    now += Duration.ofMinutes(5).toNanos();
    desk.sweep();
    assertThat(stream.cause()).isNull();
    pass(Duration.ofMillis(5_750));
    assertThat(stream.cause()).isNull();
    pass(Duration.ofSeconds(1));
    assertThat(stream.cause()).isEqualTo(Ending.Cause.SILENT);
  }

  @Test
  void aStreamThatNeverSaysWhoItIsEnds() {
    desk.admit(List.of());
    Streams stream = opened();
    pass(Duration.ofSeconds(10));
    assertThat(stream.cause()).isNull();
    pass(Duration.ofMillis(1));
    assertThat(stream.cause()).isEqualTo(Ending.Cause.SILENT);
  }

  @Test
  void leavingIsAnsweredWhenItIsInForce() {
    desk.admit(List.of());
    Streams stream = opened();
    desk.beat(stream, claim(reviews("a", "127.0.0.13")));
    keep();
    desk.leave(stream);
    assertThat(stream.cause()).isNull();
    keep();
    assertThat(stream.cause()).isEqualTo(Ending.Cause.LEFT);
  }

  @Test
  void closingEndsStreamsAndNoLease() {
    desk.admit(List.of());
    Streams stream = opened();
    desk.beat(stream, claim(reviews("a", "127.0.0.13")));
    desk.close();
    desk.broke(stream);
    desk.leave(stream);
    pass(Duration.ofMinutes(2));
    assertThat(stream.cause()).isEqualTo(Ending.Cause.DRAINING);
    assertThat(changes).hasSize(1);
    assertThat(opened().cause()).isEqualTo(Ending.Cause.DRAINING);
  }

  @Test
  void streamsAreBounded() {
    desk.admit(List.of());
    for (int count = 0; count < 20_000; count++) {
      opened();
    }
    assertThat(opened().cause()).isEqualTo(Ending.Cause.FULL);
  }

  @Test
  void twoThousandHeartBeatsChangeNothingAndMoveNothing() {
    desk.admit(List.of());
    List<Streams> streams = new ArrayList<>();
    for (int number = 0; number < 2_000; number++) {
      Streams stream = opened();
      streams.add(stream);
      desk.beat(stream, claim(reviews("w" + number, "127.0.0.13")));
    }
    changes.clear();
    unanswered.clear();
    for (int round = 0; round < 12; round++) {
      pass(Duration.ofSeconds(5));
      streams.forEach(stream -> desk.beat(stream, RENEWAL));
    }
    assertThat(changes).isEmpty();
    assertThat(unanswered).isEmpty();
    assertThat(streams).allSatisfy(stream -> assertThat(stream.granted).hasSize(12));
  }
}
