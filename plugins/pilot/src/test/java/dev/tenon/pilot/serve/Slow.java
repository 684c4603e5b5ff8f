package dev.tenon.pilot.serve;

import dev.tenon.spi.config.Position;
import dev.tenon.spi.rules.DestinationRule;
import dev.tenon.spi.rules.DestinationRule.Balancer;
import dev.tenon.spi.rules.DestinationRule.TrafficPolicy;
import dev.tenon.spi.rules.Meta;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A rule that changes a cluster, and none of its endpoints and routes. */
final class Slow {
  private Slow() {}

  static DestinationRule destinationRule(String key, String host) {
    int slash = key.indexOf('/');
    TrafficPolicy policy =
        new TrafficPolicy(
            Balancer.ROUND_ROBIN, Optional.empty(), Optional.of(Duration.ofSeconds(1)), Optional.of(10), Optional.of(5));
    Meta meta = new Meta(key.substring(0, slash), key.substring(slash + 1), Position.of("test.yaml"));
    return new DestinationRule(meta, host, policy, List.of(), List.of("*"));
  }
}
