package dev.tenon.proxy.serve;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what an operator ought to know, at most ten times a second on one loop. */
final class Complaints {
  private static final Logger LOG = LoggerFactory.getLogger(RequestPath.class);
  private static final int MOST = 10;
  private static final long SPAN = TimeUnit.SECONDS.toNanos(1);

  private long since = System.nanoTime() - SPAN;
  private int said;

  void say(String format, Object... arguments) {
    long now = System.nanoTime();
    if (now - since > SPAN) {
      since = now;
      said = 0;
    }
    if (said++ < MOST) {
      LOG.warn(format, arguments);
    }
  }
}
