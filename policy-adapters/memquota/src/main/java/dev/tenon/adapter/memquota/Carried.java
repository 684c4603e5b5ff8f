package dev.tenon.adapter.memquota;

import dev.tenon.quotas.Counter;
import dev.tenon.quotas.Limit;
import java.util.List;
import java.util.stream.Stream;

/** A counter on its way to the next generation: its limit and its state, as one line of text. */
record Carried(Limit limit, List<Long> numbers) {
  Carried {
    numbers = List.copyOf(numbers);
  }

  static String write(Counter counter, long now) {
    Limit limit = counter.limit();
    StringBuilder line = new StringBuilder(64);
    line.append(limit.kind().name()).append(' ').append(limit.max()).append(' ').append(limit.window()).append(' ').append(limit.burst());
    for (long each : counter.state(now)) {
      line.append(' ').append(each);
    }
    return line.toString();
  }

  static Carried read(String line) {
    String[] parts = line.split(" ", -1);
    Limit limit =
        new Limit(Limit.Kind.valueOf(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
    return new Carried(limit, Stream.of(parts).skip(4).map(Long::valueOf).toList());
  }

  /** As {@link Counter#state} told it. */
  long[] state() {
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }
}
