package dev.tenon.spi.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private long now = -5;
  private final Failures failures = new Failures(3, 10, () -> now);

  @Test
  void whoFailsTooOftenWaitsUntilTheMinuteIsOverAndNobodyElse() {
    assertThat(failures.failed("a")).isFalse();
    now += TimeUnit.SECONDS.toNanos(50);
    assertThat(failures.failed("a")).isFalse();
    assertThat(failures.waits("a")).isEmpty();
    assertThat(failures.failed("a")).as("it is the third").isTrue();
    assertThat(failures.failed("a")).as("told once").isFalse();
    assertThat(failures.waits("a")).contains("too many failed attempts from a; try again in 11 s");
    assertThat(failures.waits("b")).isEmpty();
    now += TimeUnit.SECONDS.toNanos(10);
    assertThat(failures.waits("a")).isEmpty();
    assertThat(failures.failed("a")).as("counted anew").isFalse();
  }

  @Test
  void whereManyFailTogetherEverybodyWaits() {
    for (int i = 0; i < 10; i++) {
      assertThat(failures.waits("calm")).isEmpty();
      failures.failed("address-" + i);
    }
    assertThat(failures.waits("calm")).hasValueSatisfying(why -> assertThat(why).contains("from everywhere", "try again in 61 s"));
    now += TimeUnit.MINUTES.toNanos(1);
    assertThat(failures.waits("calm")).isEmpty();
  }

  @Test
  void whoHasManyAddressesFillsNoMemory() {
    Failures bounded = new Failures(1, Integer.MAX_VALUE, () -> now);
    for (int i = 0; i < 3 * Failures.MOST_ADDRESSES; i++) {
      bounded.failed("address-" + i);
    }
    assertThat(bounded.addresses()).isEqualTo(Failures.MOST_ADDRESSES);
    assertThat(bounded.waits("address-" + (3 * Failures.MOST_ADDRESSES - 1))).isPresent();
    assertThat(bounded.waits("address-0")).as("longest ago").isEmpty();
  }
}
