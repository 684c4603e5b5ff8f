package dev.tenon.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.quotas.Limit.Kind;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A clock that is set neither gives quota away nor keeps it. */
class SteadyClockTest {
  private final AtomicLong wall = new AtomicLong(1_000);
  private final SteadyClock clock = new SteadyClock(wall::get);

  @Test
  void standsStillWhileTheOtherGoesBack() {
    assertThat(clock.getAsLong()).isEqualTo(1_000);
    wall.set(500);
    assertThat(clock.getAsLong()).isEqualTo(1_000);
    wall.set(1_001);
    assertThat(clock.getAsLong()).isEqualTo(1_001);
  }

  @Test
  void aStepBackFreesNothingAndAStepForwardEndsTheWindow() {
    for (Kind kind : new Kind[] {Kind.FIXED, Kind.ROLLING}) {
      Counter counter = Counter.of(Limit.of(kind, 3, 100));
      wall.addAndGet(10_000);
      assertThat(counter.take(clock.getAsLong(), Ask.of(3))).isEqualTo(3);
      wall.addAndGet(-5_000);
      assertThat(counter.take(clock.getAsLong(), Ask.of(1))).isZero();
      wall.addAndGet(5_100);
      assertThat(counter.take(clock.getAsLong(), Ask.of(1))).isEqualTo(1);
    }
  }
}
