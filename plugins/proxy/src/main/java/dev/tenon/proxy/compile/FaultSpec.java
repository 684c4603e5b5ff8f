package dev.tenon.proxy.compile;

import java.time.Duration;
import java.util.Optional;

/**
 * Trouble made on purpose; {@code HTTPFault}. Shares are in millionths of all requests.
 */
public record FaultSpec(Optional<Delay> delay, Optional<Abort> abort) {
  /** Waits first. */
  public record Delay(Duration time, int perMillion) {}

  /** Answers by itself. */
  public record Abort(int status, int perMillion) {}
}
