package dev.tenon.citadel.rotate;

import dev.tenon.citadel.sign.Authority;
import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.trust.ServerKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key that the mesh port shows: made at the start, kept in memory alone, replaced when half of its certificate's time is over. */
public final class ServerKeyRing {
  private static final Duration LIFETIME = Duration.ofDays(30);
  private static final Duration WARNING = Duration.ofDays(90);
  private static final long LOOK_MINUTES = 10;
  private static final Logger LOG = LoggerFactory.getLogger(ServerKeyRing.class);

  private final Authority authority;
  private final InstantSource time;
  private final Cell<ServerKeys> keys;

  /** With a first key. */
  public ServerKeyRing(Authority authority, InstantSource time) {
    this.authority = authority;
    this.time = time;
    this.keys = new Cell<>(authority.server(LIFETIME));
  }

  /** The present key, then each new one. */
  public Source<ServerKeys> keys() {
    return keys;
  }

  /** Looks from time to time whether it is time. */
  public void start(ScheduledExecutorService timers) {
    var _ = timers.scheduleWithFixedDelay(this::look, LOOK_MINUTES, LOOK_MINUTES, TimeUnit.MINUTES);
  }

  /** Renews when it is time. */
  void look() {
    try {
      Instant now = time.instant();
      Instant half = keys.get().orElseThrow().chain().getFirst().getNotAfter().toInstant().minus(LIFETIME.dividedBy(2));
      if (now.isAfter(half)) {
        keys.set(authority.server(LIFETIME));
      }
      Instant end = authority.certificate().getNotAfter().toInstant();
      if (now.plus(WARNING).isAfter(end)) {
        LOG.warn("the mesh's authority ends at {}; after that no host gets in", end);
      }
    } catch (RuntimeException e) {
      LOG.error("the mesh port's key could not be renewed; the one before goes on", e);
    }
  }
}
