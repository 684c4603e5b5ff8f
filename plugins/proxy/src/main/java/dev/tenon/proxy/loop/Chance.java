package dev.tenon.proxy.loop;

/** Random numbers for choices that no secret hangs on (SplitMix64). One for each loop. */
public final class Chance {
  private long state;

  public Chance(long seed) {
    state = seed;
  }

  /** 64 random bits. */
  public long bits() {
    state += 0x9e3779b97f4a7c15L;
    long z = state;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** A number from 0 to below a bound. */
  public long below(long bound) {
    return Math.unsignedMultiplyHigh(bits(), bound);
  }
}
