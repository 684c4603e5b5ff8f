package dev.tenon.mixer.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.mixer.decide.Denials.Denial;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.Verdict;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class DenialsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Denials denials = new Denials(InstantSource.fixed(NOW));

  private static Outcome denied(String rule) {
    return new Outcome(new Verdict.Deny(Verdict.Code.RESOURCE_EXHAUSTED, "ann has spent it", Verdict.Validity.ONCE), rule, "limit.default");
  }

  @Test
  void tellsWhoDeniedARequestTheLatestFirstAndNothingThatItSaid() {
    denials.add("a", denied("one.default"));
    denials.add("b", denied("two.default"));
    denials.add("a", denied("three.default"));
    assertThat(denials.of("a")).extracting(Denial::rule).containsExactly("three.default", "one.default");
    assertThat(denials.of("b")).containsExactly(new Denial("b", NOW, "two.default", "limit.default", Verdict.Code.RESOURCE_EXHAUSTED));
    assertThat(denials.of("b").toString()).doesNotContain("ann");
    assertThat(denials.of("c")).isEmpty();
  }

  @Test
  void whatIsAllowedHasNoIdOrALongOneIsNotKept() {
    denials.add("a", Outcome.ALLOWED);
    denials.add("", denied("one.default"));
    denials.add("a".repeat(129), denied("one.default"));
    assertThat(denials.of("a")).isEmpty();
    assertThat(denials.of("")).isEmpty();
    assertThat(denials.of("a".repeat(129))).isEmpty();
  }

  @Test
  void theOldestAreForgotten() {
    denials.add("first", denied("one.default"));
    for (int i = 1; i < Denials.MOST; i++) {
      denials.add("other", denied("two.default"));
    }
    assertThat(denials.of("first")).hasSize(1);
    denials.add("last", denied("three.default"));
    assertThat(denials.of("first")).isEmpty();
    assertThat(denials.of("other")).hasSize(Denials.MOST - 1);
    assertThat(denials.of("last")).hasSize(1);
  }
}
