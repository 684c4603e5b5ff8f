package dev.tenon.mixer.share;

import dev.tenon.spi.policy.Charge;
import dev.tenon.wire.policy.v1.Question;
import dev.tenon.wire.policy.v1.Settled;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is to be told, with the next question about a key, of what became of earlier grants: a window that rolls takes each for
 * spent at the last moment that it was valid, until it hears better. What is not told only counts longer. On one thread.
 */
final class Settling {
  private static final int MOST = 256;

  /** What a clock of another machine may be slower in the time that a grant is valid, and more. */
  private static final long MARGIN = 500_000;

  /**
   * A grant that is not settled.
   *
   * @param last the last moment it is taken to be spent at, by this proxy's clock, or earlier
   */
  record Open(long mark, long amount, long last) {
    /** Its last moment was counted from when the service decided, which was not before it was asked. */
    static Open of(long mark, long amount, long sent, long validity) {
      return new Open(mark, amount, sent + validity);
    }
  }

  private final Deque<Settled> waiting = new ArrayDeque<>(1);

  /** All of it was spent before now. */
  void spent(Open grant, long now) {
    if (grant.last - now > MARGIN) {
      add(grant.mark, grant.amount, grant.last - now - MARGIN);
    }
  }

  /** Nobody will spend it any more, and nobody has. */
  void unspent(long mark, long amount) {
    add(mark, amount, Charge.Settled.NEVER.toNanos());
  }

  private void add(long mark, long amount, long before) {
    if (mark != 0 && amount > 0) {
      if (waiting.size() == MOST) {
        waiting.remove();
      }
      waiting.add(Settled.newBuilder().setMark(mark).setAmount(amount).setBeforeNanos(before).build());
    }
  }

  /** Tells all of it. */
  void tell(Question.Builder question) {
    question.addAllSettled(waiting);
    waiting.clear();
  }
}
