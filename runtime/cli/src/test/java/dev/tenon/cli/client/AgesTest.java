package dev.tenon.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {
  @ParameterizedTest
  @CsvSource({"5, 5s", "119, 119s", "150, 2m30s", "7260, 2h1m", "200000, 2d", "-3, 0s"})
  void anAgeIsReadAtAGlance(long seconds, String text) {
    assertThat(Ages.of(Duration.ofSeconds(seconds))).isEqualTo(text);
  }
}
