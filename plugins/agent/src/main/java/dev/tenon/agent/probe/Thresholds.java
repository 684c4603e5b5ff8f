package dev.tenon.agent.probe;

import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.workload.ReadinessProbe;

/**
 * Makes a condition of verdicts: so many good ones in a row make it healthy, so many bad ones unhealthy.
 * Until the first time it is healthy it is starting, however often it fails. Not thread-safe.
 */
final class Thresholds {
  private final int success;
  private final int failure;
  private Condition condition = new Condition(Health.STARTING, "its probe has not passed yet");
  private int good;
  private int bad;

  Thresholds(ReadinessProbe probe) {
    this.success = probe.successThreshold();
    this.failure = probe.failureThreshold();
  }

  /** What is known of it from before. */
  void begin(Condition known) {
    condition = known;
    good = 0;
    bad = 0;
  }

  /** One more verdict; the condition that follows. */
  Condition next(Verdict verdict) {
    good = verdict.good() ? good + 1 : 0;
    bad = verdict.good() ? 0 : bad + 1;
    if (condition.health() == Health.HEALTHY) {
      if (bad >= failure) {
        condition = new Condition(Health.UNHEALTHY, verdict.reason());
      }
    } else if (good >= success) {
      condition = Condition.WELL;
    } else if (!verdict.good()) {
      condition = new Condition(condition.health(), verdict.reason());
    }
    return condition;
  }
}
