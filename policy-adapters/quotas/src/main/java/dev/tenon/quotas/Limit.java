package dev.tenon.quotas;

/**
 * How much a key may spend.
 *
 * @param max in each window; at least 1
 * @param window in nanoseconds, at least 1; {@link #FOREVER} for one that never ends
 * @param burst of a cell rate: how much may be spent at once; not used otherwise
 */
public record Limit(Kind kind, long max, long window, long burst) {
  /** A window that never ends: 146 years. */
  public static final long FOREVER = Long.MAX_VALUE / 2;

  /** The largest limit. */
  public static final long LARGEST = 1_000_000_000_000_000L;

  /** How time is cut. */
  public enum Kind {
    /** A window begins with the first spending after the last one's end. */
    FIXED,
    /** No stretch of time as long as the window ever holds more than the limit. */
    ROLLING,
    /** The generic cell rate algorithm: the limit is a steady rate, with bursts on top. */
    GCRA
  }

  public Limit {
    if (max < 1 || max > LARGEST || window < 1 || window > FOREVER || burst < 0 || burst > LARGEST) {
      throw new IllegalArgumentException("limit " + max + " in " + window + " ns, burst " + burst);
    }
  }

  /** A limit of a fixed or rolling window. */
  public static Limit of(Kind kind, long max, long window) {
    return new Limit(kind, max, window, max);
  }

  /** How much may be spent while nothing was: the limit, or the burst of a cell rate. */
  public long atOnce() {
    return kind == Kind.GCRA ? burst : max;
  }
}
