package dev.tenon.spi.policy;

import java.time.Duration;
import java.util.List;

/**
 * What is asked of a quota.
 *
 * @param amount how much; at least 1
 * @param bestEffort whether less than the amount will do when not all of it is left: then nothing is granted only when nothing is
 * @param deduplicationId names the question: asked again with the same id while the grant is valid, a
 *     quota grants the same and takes nothing more; empty when the question is not repeated
 * @param ahead what the asker would like besides, for requests to come
 * @param settled what became of earlier grants out of the same dimensions; a quota may ignore it, and counts them longer then
 */
public record Charge(long amount, boolean bestEffort, String deduplicationId, Ahead ahead, List<Settled> settled) {
  /** One request's worth, asked once. */
  public static final Charge ONE = new Charge(1, false, "");

  public Charge {
    if (amount < 1) {
      throw new IllegalArgumentException("an amount of " + amount + "; it should be at least 1");
    }
    settled = List.copyOf(settled);
  }

  /** A charge that tells nothing of earlier ones. */
  public Charge(long amount, boolean bestEffort, String deduplicationId, Ahead ahead) {
    this(amount, bestEffort, deduplicationId, ahead, List.of());
  }

  /** A charge that is spent where and when it is granted, with nothing ahead. */
  public Charge(long amount, boolean bestEffort, String deduplicationId) {
    this(amount, bestEffort, deduplicationId, Ahead.NOTHING);
  }

  /**
   * What an asker far away wants. A quota may ignore it and grant the amount alone.
   *
   * @param most how much more than the amount may be granted; 0 for nothing
   * @param share such a grant is at most what remains divided by this, unless the amount alone is more; at
   *     least 1
   * @param hold how long after the grant the asker may still be spending it. A rolling window counts a
   *     grant until a whole window after that moment, so that no spending is ever outside what it counts
   */
  public record Ahead(long most, int share, Duration hold) {
    /** Spent at once. */
    public static final Ahead NOTHING = new Ahead(0, 1, Duration.ZERO);

    public Ahead {
      if (most < 0 || share < 1 || hold.isNegative()) {
        throw new IllegalArgumentException("ahead " + most + ", share " + share + ", hold " + hold);
      }
    }
  }

  /**
   * What became of a grant, or of a part of it, that was counted as if it were spent at the last moment: so much was
   * spent, so long before that moment at least. What was never spent, {@link #NEVER}, counts no more.
   *
   * @param mark the grant's, {@link Grant#mark}
   */
  public record Settled(long mark, long amount, Duration before) {
    /** Of what is not spent and will not be. */
    public static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE / 2);

    public Settled {
      if (amount < 1 || before.isNegative()) {
        throw new IllegalArgumentException("an amount of " + amount + " settled, " + before + " before its last moment");
      }
    }
  }

  /** The largest grant that answers this. */
  public long most() {
    return amount > Long.MAX_VALUE - ahead.most ? Long.MAX_VALUE : amount + ahead.most;
  }
}
