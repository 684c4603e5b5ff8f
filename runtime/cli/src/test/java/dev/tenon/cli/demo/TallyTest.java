package dev.tenon.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyTest {
  @Test
  void sharesAreOfWhatWasAnsweredAndQuantilesToo() {
    Tally tally = new Tally();
    for (int i = 1; i <= 100; i++) {
      tally.answered(i <= 90 ? "v1" : "v3", i * 1_000_000L);
    }
    tally.failed("status 503");
    assertThat(tally.requests()).isEqualTo(101);
    assertThat(tally.failures()).isEqualTo(1);
    assertThat(tally.shares()).isEqualTo(Map.of("v1", 90.0, "v3", 10.0));
    assertThat(tally.millis(0.5)).isEqualTo(50.0);
    assertThat(tally.millis(0.99)).isEqualTo(99.0);
  }

  @Test
  void anEmptySpanHasNoFigures() {
    assertThat(new Tally().millis(0.99)).isZero();
    assertThat(new Tally().shares()).isEmpty();
  }
}
