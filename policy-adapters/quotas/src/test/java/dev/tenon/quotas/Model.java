package dev.tenon.quotas;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Counts as the definitions say: every spending is remembered, nothing is rounded or merged. */
final class Model {
  /** What was spent, and until when it may still have been being spent. */
  record Spent(long time, long amount) {}

  private final List<Spent> all = new ArrayList<>();
  private long windowStart;
  private long windowUsed;
  private BigInteger back = BigInteger.ZERO; // in nanoseconds × max, so that nothing is rounded
  private boolean began;

  List<Spent> all() {
    return all;
  }

  long spent(Limit limit, long now) {
    return switch (limit.kind()) {
      case FIXED -> began && now - windowStart < limit.window() ? windowUsed : 0;
      case ROLLING -> all.stream().filter(each -> each.time() > now - limit.window()).mapToLong(Spent::amount).sum();
      case GCRA -> limit.burst() - left(limit, now);
    };
  }

  long left(Limit limit, long now) {
    if (limit.kind() != Limit.Kind.GCRA) {
      return Math.max(0, limit.max() - spent(limit, now));
    }
    BigInteger max = BigInteger.valueOf(limit.max());
    BigInteger window = BigInteger.valueOf(limit.window());
    BigInteger debt = !began ? BigInteger.ZERO : back.subtract(BigInteger.valueOf(now).multiply(max)).max(BigInteger.ZERO);
    return BigInteger.valueOf(limit.burst()).multiply(window).subtract(debt).max(BigInteger.ZERO).divide(window).longValueExact();
  }

  void spend(Limit limit, long now, long amount, long hold) {
    BigInteger max = BigInteger.valueOf(limit.max());
    BigInteger free = BigInteger.valueOf(now).multiply(max);
    back = (began ? back.max(free) : free).add(BigInteger.valueOf(amount).multiply(BigInteger.valueOf(limit.window())));
    if (!began || now - windowStart >= limit.window()) {
      windowStart = now;
      windowUsed = 0;
      began = true;
    }
    windowUsed += amount;
    all.add(new Spent(now + hold, amount));
  }
}
