package dev.tenon.mixer.dispatch;

import dev.tenon.spi.telemetry.MetricSnapshot.Distribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one handler. Any thread adds without waiting for another. */
public final class Tally {
  /** Upper bounds of the buckets of what calls take, in nanoseconds: 1 µs to 1 s. */
  private static final long[] BOUNDS = {
    1_000, 5_000, 25_000, 100_000, 500_000, 2_500_000, 10_000_000, 50_000_000, 250_000_000, 1_000_000_000
  };

  final LongAdder allowed = new LongAdder();
  final LongAdder denied = new LongAdder();
  final LongAdder failed = new LongAdder();
  /** Why calls failed. */
  private final Map<Cause, LongAdder> causes = new EnumMap<>(Cause.class);
  /** Verdicts that still held, and those that had to be asked for because none did; of handlers whose verdicts are kept. */
  final LongAdder hits = new LongAdder();
  final LongAdder misses = new LongAdder();
  final LongAdder generated = new LongAdder();
  final LongAdder reported = new LongAdder();

  /** Reports that the adapter was not told: it was not there, failed or was too slow. */
  final LongAdder lost = new LongAdder();

  /** Reports that could not be made: an attribute that an instance needs was absent. */
  final LongAdder unmade = new LongAdder();

  private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
  private final LongAdder nanos = new LongAdder();

  Tally() {
    Arrays.setAll(buckets, each -> new LongAdder());
    for (Cause each : Cause.values()) {
      causes.put(each, new LongAdder());
    }
  }

  /** Why there was no answer. */
  enum Cause {
    /** The adapter is not installed, or refuses the handler's parameters. */
    ABSENT,
    /** Too many calls were under way. */
    BUSY,
    /** It did not answer in time. */
    LATE,
    /** It threw, or said nothing that can be used. */
    FAILED,
    /** It failed so often that it is left alone for a while. */
    LEFT_ALONE,
    /** The policy service could not answer. */
    FAR
  }

  /**
   * What was counted so far.
   *
   * @param hits verdicts that still held
   * @param lost reports that nobody was told
   * @param calls that came back, and how long they took together
   */
  public record Sum(long allowed, long denied, long failed, long hits, long reported, long lost, long calls, double seconds) {
    static final Sum NOTHING = new Sum(0, 0, 0, 0, 0, 0, 0, 0);

    Sum plus(Sum more) {
      return new Sum(
          allowed + more.allowed, denied + more.denied, failed + more.failed, hits + more.hits, reported + more.reported,
          lost + more.lost, calls + more.calls, seconds + more.seconds);
    }
  }

  Sum sum() {
    return new Sum(
        allowed.sum(), denied.sum(), failed.sum(), hits.sum(), reported.sum(), lost.sum() + unmade.sum(), calls(), nanos.sum() / 1e9);
  }

  /** Counters of failures by what they are for. */
  LongAdder cause(Cause cause) {
    return Objects.requireNonNull(causes.get(cause));
  }

  /** How many calls came back. */
  long calls() {
    return Arrays.stream(buckets).mapToLong(LongAdder::sum).sum();
  }

  /** A call came back. */
  void took(long time) {
    int bucket = 0;
    while (bucket < BOUNDS.length && time > BOUNDS[bucket]) {
      bucket++;
    }
    buckets[bucket].increment();
    nanos.add(time);
  }

  /** What calls took, in seconds. */
  Distribution seconds() {
    List<Double> bounds = Arrays.stream(BOUNDS).mapToObj(each -> each / 1e9).toList();
    List<Long> counts = new ArrayList<>();
    for (LongAdder each : buckets) {
      counts.add(each.sum());
    }
    return new Distribution(bounds, counts, nanos.sum() / 1e9);
  }
}
