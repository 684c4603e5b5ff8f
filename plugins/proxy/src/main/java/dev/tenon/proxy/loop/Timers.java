package dev.tenon.proxy.loop;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one loop. Nearly all are called off before they expire, so that arming and calling off
 * must cost next to nothing: an armed timer is a link in a list, and the loop is asked to look at the
 * list once, at the earliest deadline. Times are {@link System#nanoTime()}; accurate to a millisecond.
 */
public final class Timers {
  private static final long FINEST = TimeUnit.MILLISECONDS.toNanos(1);

  private final EventLoop loop;
  private @Nullable Timer first;
  private long nextLook = Long.MAX_VALUE;
  private @Nullable Future<?> look;
  private boolean closed;

  public Timers(EventLoop loop) {
    this.loop = loop;
  }

  /** Lets a timer expire at a time, instead of any time set before. */
  public void arm(Timer timer, long deadline) {
    timer.deadline = deadline;
    if (!timer.armed) {
      timer.armed = true;
      timer.previous = null;
      timer.next = first;
      if (first != null) {
        first.previous = timer;
      }
      first = timer;
    }
    if (nextLook == Long.MAX_VALUE || deadline - nextLook < 0) {
      lookAt(deadline);
    }
  }

  /** Lets a timer expire after a time from now. */
  public void armIn(Timer timer, long nanos) {
    arm(timer, System.nanoTime() + nanos);
  }

  /** Calls a timer off; harmless when it is not armed. */
  public void disarm(Timer timer) {
    if (!timer.armed) {
      return;
    }
    timer.armed = false;
    Timer before = timer.previous;
    Timer after = timer.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    timer.previous = null;
    timer.next = null;
  }

  private void lookAt(long deadline) {
    if (closed) {
      return;
    }
    if (look != null) {
      look.cancel(false);
    }
    nextLook = deadline;
    long wait = Math.max(FINEST, deadline - System.nanoTime());
    look = loop.schedule(this::look, wait, TimeUnit.NANOSECONDS);
  }

  private void look() {
    look = null;
    nextLook = Long.MAX_VALUE;
    long now = System.nanoTime();
    Timer due = takeDue(now);
    while (due != null) {
      Timer following = due.next;
      due.next = null;
      if (due.armed) {
        due.armed = false;
        due.expired();
      }
      due = following;
    }
    long earliest = Long.MAX_VALUE;
    for (Timer timer = first; timer != null; timer = timer.next) {
      if (earliest == Long.MAX_VALUE || timer.deadline - earliest < 0) {
        earliest = timer.deadline;
      }
    }
    if (earliest != Long.MAX_VALUE && (nextLook == Long.MAX_VALUE || earliest - nextLook < 0)) {
      lookAt(earliest);
    }
  }

  /** Unlinks what is due, as a chain of its own: expiring one may arm or call off any other. */
  private @Nullable Timer takeDue(long now) {
    Timer due = null;
    Timer timer = first;
    while (timer != null) {
      Timer following = timer.next;
      if (timer.deadline - now <= 0) {
        disarm(timer);
        timer.armed = true;
        timer.next = due;
        due = timer;
      }
      timer = following;
    }
    return due;
  }

  /** Nothing expires any more. */
  public void close() {
    closed = true;
    first = null;
    if (look != null) {
      look.cancel(false);
    }
  }
}
