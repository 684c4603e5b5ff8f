package dev.tenon.pilot.join;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Remembers what a pure function made of its last input, key by key: an equal input is not worked on
 * again, and gives the very same object. What no pass asks for any more is forgotten by {@link #sweep}.
 *
 * <p>Not thread-safe.
 *
 * @param <K> what the derivation is for
 * @param <I> everything that it depends on
 * @param <O> what comes of it
 */
public final class Memo<K, I, O> {
  private final Map<K, Entry<I, O>> entries = new HashMap<>();
  private final BiFunction<K, I, O> function;
  private long pass;
  private long computed;

  private static final class Entry<I, O> {
    final I input;
    final O output;
    long pass;

    Entry(I input, O output) {
      this.input = input;
      this.output = output;
    }
  }

  /** A memory of a function that has not been asked yet. */
  public Memo(BiFunction<K, I, O> function) {
    this.function = function;
  }

  /** What the function makes of an input. */
  public O get(K key, I input) {
    Entry<I, O> entry = entries.get(key);
    if (entry == null || !entry.input.equals(input)) {
      O output = function.apply(key, input);
      computed++;
      entry = new Entry<>(input, entry != null && entry.output.equals(output) ? entry.output : output);
      entries.put(key, entry);
    }
    entry.pass = pass;
    return entry.output;
  }

  /** Forgets what was not asked for since the last sweep. */
  public void sweep() {
    entries.values().removeIf(entry -> entry.pass != pass);
    pass++;
  }

  /** How often the function has been called: what tests hold a change's cost to. */
  public long computed() {
    return computed;
  }
}
