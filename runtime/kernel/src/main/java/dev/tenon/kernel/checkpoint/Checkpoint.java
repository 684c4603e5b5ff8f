package dev.tenon.kernel.checkpoint;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Whether code of a generation may go on. Generations are told apart by numbers that are written into
 * woven code, so that nothing here refers to a class loader. While nothing is condemned a poll is one
 * volatile load and a comparison.
 */
public final class Checkpoint {
  /** Those threads that may not go on in a generation's code. Immutable. */
  private record Sentence(Set<Thread> threads, boolean everybody) {
    boolean strikes(Thread thread) {
      return everybody || threads.contains(thread);
    }
  }

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /** By number of generation; no longer than the highest condemned one. */
  private static volatile @Nullable Sentence[] sentences = {};

  private Checkpoint() {}

  /** A number for a generation, never given twice in this JVM. */
  public static int number() {
    return NUMBERS.getAndIncrement();
  }

  /**
   * Called by woven code.
   *
   * @throws Stopped when this thread may not go on in this generation's code
   */
  public static void poll(int generation) {
    Sentence[] all = sentences;
    if (generation < all.length) {
      reached(all[generation]);
    }
  }

  private static void reached(@Nullable Sentence sentence) {
    if (sentence != null && sentence.strikes(Thread.currentThread())) {
      throw new Stopped();
    }
  }

  /** From now on a thread ends at its next checkpoint in a generation's code. */
  public static synchronized void condemn(int generation, Thread thread) {
    Sentence present = at(generation);
    Set<Thread> threads = new HashSet<>(present == null ? Set.of() : present.threads());
    threads.add(thread);
    set(generation, new Sentence(threads, present != null && present.everybody()));
  }

  /** From now on every thread ends at its next checkpoint in a generation's code. */
  public static synchronized void condemn(int generation) {
    set(generation, new Sentence(Set.of(), true));
  }

  /** A thread may go on again. */
  public static synchronized void pardon(int generation, Thread thread) {
    Sentence present = at(generation);
    if (present != null && present.threads().contains(thread)) {
      Set<Thread> threads = new HashSet<>(present.threads());
      threads.remove(thread);
      set(generation, threads.isEmpty() && !present.everybody() ? null : new Sentence(threads, present.everybody()));
    }
  }

  /** A generation is gone: nothing of it can reach a checkpoint any more. */
  public static synchronized void forget(int generation) {
    set(generation, null);
  }

  private static @Nullable Sentence at(int generation) {
    return generation < sentences.length ? sentences[generation] : null;
  }

  private static void set(int generation, @Nullable Sentence sentence) {
    Sentence[] next = Arrays.copyOf(sentences, Math.max(sentences.length, generation + 1));
    next[generation] = sentence;
    int length = next.length;
    while (length > 0 && next[length - 1] == null) {
      length--;
    }
    sentences = Arrays.copyOf(next, length);
  }
}
