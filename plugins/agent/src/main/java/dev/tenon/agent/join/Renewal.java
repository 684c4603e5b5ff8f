package dev.tenon.agent.join;

import dev.tenon.agent.probe.Timers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the host's credential when half of its time is over, and goes on trying when the control plane is away; one that has ended
 * meanwhile is renewed all the same. Connections that stand go on; new ones show the new certificate.
 */
public final class Renewal implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMinutes(1);
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

  private final Enrolment enrolment;
  private final Timers timers;
  private @Nullable Thread working;
  private String complaint = "";
  private boolean closed;

  Renewal(Enrolment enrolment, Timers timers) {
    this.enrolment = enrolment;
    this.timers = timers;
  }

  /** Looks now and from time to time. Waits for a first renewal that is due, ten seconds at most; it may fail. */
  public void start() {
    later(look());
  }

  private synchronized void begin() {
    if (!closed) {
      working = Thread.ofVirtual().name("agent-renewal").start(() -> later(look()));
    }
  }

  private synchronized void later(Duration wait) {
    working = null;
    if (!closed) {
      timers.after(wait, this::begin);
    }
  }

  /** Renews when it is due; how long to wait then. */
  private Duration look() {
    try {
      Instant due = enrolment.due();
      if (Instant.now().isBefore(due)) {
        Duration wait = Duration.between(Instant.now(), due).plusSeconds(1);
        return wait.compareTo(LOOK) < 0 ? wait : LOOK;
      }
      Instant until = enrolment.renew();
      complaint = "";
      LOG.info("the host's credential is renewed, until {}", until);
      return SOON;
    } catch (IOException | RuntimeException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.equals(complaint)) {
        complaint = message;
        LOG.warn("the host's credential is not renewed, trying again: {}", message);
      }
      return SOON;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (working != null) {
      working.interrupt();
    }
  }
}
