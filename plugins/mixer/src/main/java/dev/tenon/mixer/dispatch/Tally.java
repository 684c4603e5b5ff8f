package dev.tenon.mixer.dispatch;

import dev.tenon.spi.telemetry.MetricSnapshot.Distribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one handler. Any thread adds without waiting for another. */
final class Tally {
  /** Upper bounds of the buckets of what calls take, in nanoseconds: 1 µs to 1 s. */
  private static final long[] BOUNDS = {
    1_000, 5_000, 25_000, 100_000, 500_000, 2_500_000, 10_000_000, 50_000_000, 250_000_000, 1_000_000_000
  };

  final LongAdder allowed = new LongAdder();
  final LongAdder denied = new LongAdder();
  final LongAdder failed = new LongAdder();
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
